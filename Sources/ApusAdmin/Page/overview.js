// How it goes: the charts, the latencies, the most frequent hosts, users and rules.

import { Chart } from "./chart.js";
import { age, byId, bytes, clock, copyButton, count, element, micros, rate, say } from "./text.js";

const perSecond = (number) => (number === null || number === undefined ? "–" : `${bytes(number)}/s`);

/** The cards: a title, the lines of its chart, how a value is written, and what stands below. */
const CARDS = [
  { name: "Requests a second", text: rate, filled: true, least: 1,
    series: [{ name: "requests", look: "one", of: (point) => point.requests }],
    below: (figures) => `${count(figures.requests)} since the start` },
  { name: "Bytes a second", text: perSecond, filled: true, least: 1000,
    series: [{ name: "to clients", look: "one", of: (point) => point.toClients },
      { name: "from clients", look: "two", of: (point) => point.fromClients }],
    below: (figures) => `${bytes(figures.toClients)} to, ${bytes(figures.fromClients)} from clients since the start` },
  { name: "Open now", text: count, least: 5,
    series: [{ name: "clients", look: "one", of: (point) => point.clients },
      { name: "upstreams", look: "two", of: (point) => point.upstreams },
      { name: "tunnels", look: "three", of: (point) => point.tunnels }],
    below: (_, point) => `${count(point.running)} ${point.running === 1 ? "request" : "requests"} running` },
  { name: "Latency", text: micros, least: 10000, byDecades: true,
    series: [{ name: "p50", look: "one", of: (point) => point.p50 }, { name: "p90", look: "two", of: (point) => point.p90 },
      { name: "p99", look: "three", of: (point) => point.p99 }],
    below: () => "first byte in to last byte out" },
  { name: "Refused a second", text: rate, filled: true, least: 1,
    series: [{ name: "refused", look: "warn", of: (point) => point.refused }],
    below: (figures) => `${count(figures.refused)} since the start` },
  { name: "Errors a second", text: rate, filled: true, least: 1,
    series: [{ name: "errors", look: "bad", of: (point) => point.errors }],
    below: (figures) => `${count(figures.errors)} since the start` },
];

/** The view of #overview. `house` has status, points, figures and state. */
export class Overview {
  constructor(house) {
    this.house = house;
    this.at = null;
    this.measured = new Map();
    this.cards = CARDS.map((card) => this.#card(card));
    byId("cards").append(...this.cards.map((card) => card.node));
  }

  #card(card) {
    const values = card.series.map((one) => {
      const value = element("span", { class: "value" }, "–");
      const several = card.series.length > 1;
      return { value, node: element("div", { class: `figure ${one.look}` }, value,
        several ? element("span", { class: "key" }, element("span", { class: "swatch", "aria-hidden": "true" }), one.name) : null) };
    });
    const below = element("p", { class: "below" }, "\u00a0");
    const plot = element("div", {});
    const id = `card-${card.series[0].look}-${card.name.split(" ")[0].toLowerCase()}`;
    const node = element("div", { class: "card", role: "group", "aria-labelledby": id }, element("h2", { id }, card.name),
      element("div", { class: "values" }, ...values.map((one) => one.node)), plot, below);
    const chart = new Chart(plot, card);
    plot.addEventListener("pointermove", (event) => this.#point(event, chart.svg));
    plot.addEventListener("pointerleave", () => this.#leave());
    return { ...card, chart, node, values: values.map((one) => one.value), belowNode: below };
  }

  // The pointer shows one moment in all charts.
  #point(event, svg) {
    const box = svg.getBoundingClientRect();
    const wanted = this.now - (1 - (event.clientX - box.left) / box.width) * 300000;
    const near = this.house.points.reduce((best, point) =>
      best === null || Math.abs(point.at - wanted) < Math.abs(best.at - wanted) ? point : best, null);
    this.at = near && Math.abs(near.at - wanted) < 5000 ? near.at : null;
    this.house.touch();
  }

  #leave() {
    this.at = null;
    this.house.touch();
  }

  render() {
    const { points, figures, status, isLive } = this.house;
    this.#facts(status, figures);
    // The charts end at the server's newest moment; they stand still while nothing comes.
    this.now = points.at(-1)?.at ?? Date.now();
    const shown = (this.at !== null && points.find((point) => point.at === this.at)) || points.at(-1);
    for (const card of this.cards) {
      card.chart.draw(points, this.now, this.at !== null && shown ? shown.at : null);
      card.series.forEach((one, index) => {
        const value = shown ? one.of(shown) : null;
        say(card.values[index], card.text(value));
        card.values[index].classList.toggle("zero", !value);
      });
      if (figures && points.length) say(card.belowNode, card.below(figures, shown));
    }
    const end = this.at !== null ? `at ${clock(shown.at)}` : isLive ? "now" : points.length ? clock(this.now) : "";
    say(byId("axis-now"), end);
    byId("axis").classList.toggle("picked", this.at !== null);
    if (figures) this.#panels(figures);
    this.#start(status, figures);
  }

  #facts(status, figures) {
    if (!status) return;
    const uptime = figures?.uptime;
    say(byId("facts"), [
      `Apus ${status.version}`, `clients on ${status.listeners.join(", ")}`, uptime === undefined ? null : `up ${age(uptime)}`,
      status.threads ? `${status.threads} ${status.threads === 1 ? "thread" : "threads"}` : null,
      status.rules ? `${count(status.rules)} ${status.rules === 1 ? "rule" : "rules"}` : "no rules",
      figures?.linesDropped ? `${count(figures.linesDropped)} log lines dropped` : null,
    ].filter(Boolean).join("  ·  "));
  }

  #start(status, figures) {
    const node = byId("start");
    const isIdle = Boolean(status && figures && figures.requests === 0);
    node.hidden = !isIdle;
    if (isIdle && !node.firstChild) node.append(...hint(status, "No request yet."));
  }

  #panels(figures) {
    // Where the last second has measured nothing, the latest figures stand, with their age.
    const now = Date.now();
    figures.phases.forEach((phase) => phase.p50 !== null && this.measured.set(phase.name, { ...phase, at: now }));
    const phases = figures.phases.map((phase) => this.measured.get(phase.name) ?? { ...phase, at: now });
    const cell = (text) => element("td", { class: "number" }, text);
    byId("phases").replaceChildren(
      element("thead", {}, element("tr", {}, element("th", { scope: "col" }, "Phase"),
        ...["p50", "p90", "p99"].map((name) => element("th", { scope: "col", class: "number" }, name)))),
      element("tbody", {}, ...phases.map((phase) => element("tr", { class: now - phase.at > 1500 ? "old" : "" },
        element("th", { scope: "row" }, phase.name, now - phase.at > 1500 ? element("span", {}, `${age((now - phase.at) / 1000)} ago`) : null),
        ...[phase.p50, phase.p90, phase.p99].map((value) => cell(micros(value)))))));
    const most = Math.max(...figures.statuses.map((status) => status.rate), 0.001);
    const rows = figures.statuses.map((status) => ({ name: status.name === "none" ? "none sent" : status.name,
      value: rate(status.rate), part: status.rate / most, look: `status-${status.name}`, link: `#requests?status=${status.name}` }));
    fillBars(byId("answers"), rows, "");
    this.#top("hosts", "host", figures.hosts, "No host yet.");
    this.#top("users", "user", figures.users, "Nobody has shown credentials.");
    this.#top("rules", "rule", figures.rules, "No rule has decided yet.");
  }

  #top(id, filter, entries, none) {
    // The history has none.
    if (!entries) return;
    const most = Math.max(...entries.map((entry) => entry.requests), 1);
    const rows = entries.filter((entry) => entry.requests > 0).slice(0, 10).map((entry) => ({
      name: entry.name, value: count(entry.requests), more: entry.bytes === undefined ? "" : bytes(entry.bytes),
      part: entry.requests / most, look: "",
      // Where no rule matched there is none to filter by; those were refused.
      link: entry.name === "no rule" ? "#refusals" : `#requests?${new URLSearchParams({ [filter]: entry.name })}`,
    }));
    fillBars(byId(id), rows, none);
  }
}

/** Rows with a bar behind; the elements stay from one second to the next, so that a focus does too. */
function fillBars(host, rows, none) {
  if (!rows.length) return host.replaceChildren(element("p", { class: "none" }, none));
  let list = host.querySelector("ol");
  if (!list) host.replaceChildren(list = element("ol", { class: "bars" }));
  while (list.children.length > rows.length) list.lastChild.remove();
  while (list.children.length < rows.length) {
    list.append(element("li", {}, element("a", {}, element("span", { class: "fill", "aria-hidden": "true" }), element("span", { class: "name" }),
      element("span", { class: "more" }), element("span", { class: "value" }))));
  }
  rows.forEach((row, index) => {
    const link = list.children[index].firstChild, [fill, name, more, value] = link.children;
    link.setAttribute("href", row.link);
    link.className = row.look;
    fill.style.transform = `scaleX(${row.part.toFixed(3)})`;
    name.title = row.name;
    say(name, row.name);
    say(more, row.more ?? "");
    say(value, row.value);
  });
}

/** What to do while nothing has come: a sentence, and a command to copy. */
export function hint(status, sentence) {
  const listener = status?.listeners?.find((text) => !text.startsWith("/") && !text.startsWith("unix")) ?? "127.0.0.1:3128";
  // A listener on all addresses is reached by the name that this page was.
  const here = location.hostname.includes(":") && !location.hostname.startsWith("[") ? `[${location.hostname}]` : location.hostname;
  const address = listener.replace(/^(0\.0\.0\.0|\[::\]|\*)(?=:)/, here);
  const command = `curl -x http://${address} http://example.com/`;
  return [element("p", {}, sentence, " Try:"), element("p", { class: "command" }, element("code", {}, command), copyButton("Copy", command))];
}
