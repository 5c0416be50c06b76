// How it goes: the charts, the latencies, the most frequent clients, hosts, users and rules.

import { lastHour } from "./api.js";
import { Chart, SPAN } from "./chart.js";
import { age, ago, authority, byId, bytes, clock, copyButton, count, element, micros, rate, say } from "./text.js";

const perSecond = (number) => (number === null || number === undefined ? "–" : `${bytes(number)}/s`);

/** The cards: a title, the series of its chart, how a value is written, and what stands below. */
const CARDS = [
  { id: "requests", name: "Requests a second", text: rate, stacked: true, least: 1, wide: true,
    series: [{ name: "served", look: "one", of: (point) => point.served ?? point.requests }, { name: "asked for credentials", look: "grey", of: (point) => point.asked ?? 0 },
      { name: "refused", look: "warn", of: (point) => point.refused }, { name: "failed", look: "bad", of: (point) => point.errors }],
    below: (figures) => `${count(figures.requests)} since the start: ${count(figures.refused)} refused, ${count(figures.errors)} failed, ${count(figures.asked)} asked for credentials` },
  { id: "bytes", name: "Bytes a second", text: perSecond, filled: true, least: 1000,
    series: [{ name: "to clients", look: "one", of: (point) => point.toClients }, { name: "from clients", look: "two", of: (point) => point.fromClients }],
    below: (figures) => `${bytes(figures.toClients)} to, ${bytes(figures.fromClients)} from clients since the start` },
  { id: "latency", name: "Latency of plain requests", text: micros, least: 10000, byDecades: true, band: true,
    series: [{ name: "p50", look: "one", of: (point) => point.p50 }, { name: "p90", look: "thin", of: (point) => point.p90 }, { name: "p99", look: "thin edge", of: (point) => point.p99 }],
    below: (figures) => `over the last minute, of ${count(figures.measured)} ${figures.measured === 1 ? "request" : "requests"}; without refusals and tunnels` },
  { id: "open", name: "Open now", text: (value) => count(Math.round(value ?? 0)), least: 4,
    series: [{ name: "clients", look: "one", of: (point) => point.clients }, { name: "upstreams", look: "two", of: (point) => point.upstreams },
      { name: "tunnels", look: "three", of: (point) => point.tunnels }],
    below: (_, point) => `${count(Math.round(point.running))} ${Math.round(point.running) === 1 ? "request" : "requests"} running` },
];

/** The view of #overview. `house` has status, points, figures and state. */
export class Overview {
  constructor(house) {
    this.house = house;
    this.at = null;
    this.hour = null;
    this.cards = CARDS.map((card) => this.#card(card));
    byId("cards").append(...this.cards.map((card) => card.node));
    byId("range").addEventListener("change", () => this.#range());
  }

  get isHour() {
    return byId("range").elements.span.value === "1h";
  }

  async #range() {
    this.hour = null;
    await this.#fetchHour();
    this.house.touch();
  }

  // An hour is fetched, for the page has seen less of it than the server.
  async #fetchHour() {
    if (!this.isHour || Date.now() - (this.asked ?? 0) < (this.hour ? 10000 : 1000)) return;
    this.asked = Date.now();
    try {
      this.hour = await lastHour();
    } catch (error) {
      this.house.tell(`The last hour could not be fetched: ${error.message}`, true);
    }
  }

  #card(card) {
    const values = card.series.map((one) => {
      const value = element("span", { class: "value" }, "–");
      return { value, node: element("div", { class: `figure ${one.look}` }, value,
        element("span", { class: "key" }, element("span", { class: "swatch", "aria-hidden": "true" }), one.name)) };
    });
    const below = element("p", { class: "below" }, "\u00a0"), plot = element("div", {}), id = `card-${card.id}`;
    const node = element("div", { class: `card ${card.wide ? "wide" : ""}`, role: "group", "aria-labelledby": id }, element("h2", { id }, card.name),
      element("div", { class: "values" }, ...values.map((one) => one.node)), plot, below);
    const chart = new Chart(plot, card, {
      point: (at) => {
        this.at = at;
        this.house.touch();
      },
      // A time that is drawn over is that of the requests to be seen.
      pick: (from, to) => (location.hash = `#requests?${new URLSearchParams({ from: Math.floor(from), to: Math.ceil(to) })}`),
    });
    return { ...card, chart, node, values: values.map((one) => one.value), belowNode: below };
  }

  render() {
    const { figures, status, isLive } = this.house, { points } = this.house;
    this.#facts(status, figures);
    if (this.isHour && isLive) this.#fetchHour().then(() => undefined);
    // The charts end at the server's newest moment; they stand still while nothing comes.
    const now = points.at(-1)?.at ?? Date.now(), newest = points.at(-1);
    const shown = this.isHour ? this.hour ?? [] : points;
    for (const card of this.cards) {
      card.chart.draw(shown, { now, span: this.isHour ? 3600 : SPAN, step: this.isHour ? 10 : 1, at: this.at });
      card.series.forEach((one, index) => {
        const value = newest ? one.of(newest) : null;
        say(card.values[index], card.text(value));
        card.values[index].classList.toggle("zero", !value);
      });
      if (figures && newest) say(card.belowNode, card.below(figures, newest));
    }
    if (figures) this.#panels(figures);
    this.#start(status, figures);
    this.#side();
  }

  #facts(status, figures) {
    if (!status) return;
    const uptime = figures?.uptime;
    say(byId("facts"), [
      `Apus ${status.version}`, `clients on ${status.listeners.join(", ")}`, uptime === undefined ? null : `up ${age(uptime)}`,
      status.threads ? `${status.threads} ${status.threads === 1 ? "thread" : "threads"}` : null,
      status.rules ? `${count(status.rules)} ${status.rules === 1 ? "rule" : "rules"}` : "no rules",
    ].filter(Boolean).join("  ·  "));
  }

  #start(status, figures) {
    const node = byId("start");
    const isIdle = Boolean(status && figures && figures.requests === 0);
    node.hidden = !isIdle;
    if (isIdle && !node.firstChild) node.append(...hint(status, "No request yet."));
  }

  #panels(figures) {
    const cell = (text) => element("td", { class: "number" }, text);
    byId("phases").replaceChildren(
      element("caption", {}, `Over the last minute; without refusals and questions for credentials in all.`),
      element("thead", {}, element("tr", {}, element("th", { scope: "col" }, "Phase"),
        ...["p50", "p90", "p99", "of"].map((name) => element("th", { scope: "col", class: "number" }, name)))),
      element("tbody", {}, ...figures.phases.map((phase) => element("tr", {}, element("th", { scope: "row" }, phase.name),
        ...[phase.p50, phase.p90, phase.p99].map((value) => cell(micros(value))), cell(count(phase.count))))));
    const most = Math.max(...figures.statuses.map((status) => status.rate), 0.001);
    const rows = figures.statuses.map((status) => ({ name: status.name === "none" ? "closed without an answer" : status.name,
      value: `${rate(status.rate)}/s`, part: status.rate / most, look: `status-${status.name}`, link: `#requests?status=${status.name}` }));
    fillBars(byId("answers"), rows, "");
    for (const [list, filter, none] of [["clients", "client", "No client yet."], ["hosts", "host", "No host yet."], ["users", "user", "Nobody has shown credentials."],
      ["rules", "rule", "No rule has decided yet."]]) this.#top(list, filter, figures[list], none);
  }

  #top(list, filter, entries, none) {
    // The history has none.
    if (!entries) return;
    const most = Math.max(...entries.map((entry) => entry.requests), 1);
    const rows = entries.filter((entry) => entry.requests > 0).slice(0, 8).map((entry) => ({
      name: entry.name, value: count(entry.requests), more: bytes(entry.bytes ?? 0), part: entry.requests / most, look: "",
      link: `#requests?${new URLSearchParams({ [filter]: entry.name })}`,
    }));
    fillBars(byId(list), rows, none);
  }

  // What wide screens have room for: what is open, and what was refused last.
  #side() {
    if (getComputedStyle(byId("side")).display === "none") return;
    const { refusals, views } = this.house;
    const newest = refusals.rows.filter((row) => row.note === null).slice(-12).reverse();
    fillBars(byId("side-refusals"), newest.map((row) => ({ name: authority(row.host, row.port, row.scheme) || "not understood", more: row.rule || row.fault.replaceAll("_", " "),
      value: clock(row.ended), part: 0, look: "", link: "#refusals" })), "Nothing was refused.");
    const open = views.open.entries.slice(0, 12);
    fillBars(byId("side-open"), open.map((entry) => ({ name: authority(entry.host, entry.port, "http") || entry.client, more: entry.phase,
      value: ago(this.house.now - entry.age * 1000, this.house.now).replace(" ago", ""), part: 0, look: "", link: "#open" })), "Nothing is open.");
  }
}

/** Rows with a bar behind; the elements stay from one second to the next, so that a focus does too. */
export function fillBars(host, rows, none) {
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
  const command = `curl -x http://${proxyAddress(status)} http://example.com/`;
  return [element("p", {}, sentence, " Try:"), element("p", { class: "command" }, element("code", {}, command), copyButton("Copy", command))];
}

/** Where a client on this machine, or the one that looks, reaches the proxy. */
export function proxyAddress(status) {
  const listener = status?.listeners?.find((text) => !text.startsWith("/") && !text.startsWith("unix")) ?? "127.0.0.1:3128";
  // A listener on all addresses is reached by the name that this page was.
  const here = location.hostname.includes(":") && !location.hostname.startsWith("[") ? `[${location.hostname}]` : location.hostname;
  return listener.replace(/^(0\.0\.0\.0|\[::\]|\*)(?=:)/, here);
}
