// The page: what is known, which view is seen, the keys, and what is said when the stream drops.

import { figuresOf, KEPT, opened, pointOf, recent, RECORDING, Stream } from "./api.js";
import { SPAN } from "./chart.js";
import { Detail } from "./detail.js";
import { Health } from "./health.js";
import { Open } from "./open.js";
import { Overview } from "./overview.js";
import { Policy } from "./policy.js";
import { Refusals } from "./refusals.js";
import { Requests } from "./requests.js";
import { Ring } from "./ring.js";
import { age, byId, clock, count, say } from "./text.js";
import { Top } from "./top.js";

const VIEWS = ["overview", "top", "requests", "open", "refusals", "policy"];
const THEMES = ["auto", "light", "dark"];
// A red dot, where nothing is heard of Apus.
const LOST_ICON = `data:image/svg+xml,${encodeURIComponent('<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 16 16"><circle cx="8" cy="8" r="7" fill="#b3261e"/></svg>')}`;

class House {
  status = null;
  points = [];
  figures = null;
  requests = new Ring(KEPT);
  refusals = new Ring(KEPT);
  view = "overview";
  unseen = 0;
  /** When the stream dropped, in milliseconds; null while it lives. */
  dropped = null;
  /** How far the server's clock is ahead, in milliseconds. */
  skew = 0;

  constructor() {
    this.detail = new Detail(this);
    this.health = new Health(this);
    this.views = { overview: new Overview(this), top: new Top(this), requests: new Requests(this), open: new Open(this), refusals: new Refusals(this),
      policy: new Policy(this) };
    this.stream = new Stream({
      hello: (status, history) => this.#hello(status, history),
      traffic: (traffic) => this.#traffic(traffic),
      requests: (rows, total) => this.#ended(rows, total),
      open: (entries, total) => this.#open(entries, total),
      state: (state) => this.#state(state),
    });
  }

  /** The server's clock, by which all rows are: this machine's may go otherwise. */
  get now() {
    return Date.now() + this.skew;
  }

  get isLive() {
    return this.stream.state === "live";
  }

  /** Asks for a rendering: one a frame, however much came. */
  touch() {
    if (this.waits) return;
    this.waits = true;
    requestAnimationFrame(() => {
      this.waits = false;
      this.views[this.view].render();
    });
  }

  /** Says a sentence to a screen reader, and to the eye unless it has been seen. */
  tell(sentence, quietly = false) {
    byId("live").textContent = sentence;
    if (quietly) return;
    const toast = byId("toast");
    toast.textContent = sentence;
    toast.hidden = false;
    clearTimeout(this.toastTimer);
    this.toastTimer = setTimeout(() => (toast.hidden = true), 4000);
  }

  // The stream

  #hello(status, history) {
    const before = this.status, gap = this.gap;
    this.gap = null;
    this.status = status;
    const points = history.map(pointOf), first = points[0]?.at ?? Infinity;
    this.points = [...this.points.filter((point) => point.at < first), ...points];
    this.#fetch(gap, before !== null && before.started !== status.started);
    this.touch();
  }

  // What the recorder holds fills the lists, at the start and behind a gap; what the gap has cost is said.
  async #fetch(gap, isAnother) {
    const until = this.now;
    let said = "What passed meanwhile could not be fetched.";
    try {
      const [all, refused, open] = await Promise.all([recent(), recent({ refused: true }), opened()]);
      // Where nothing is open the stream says nothing of it, and what the page had shown is gone.
      this.#open(open.entries, open.total);
      const added = this.requests.merge(all);
      this.refusals.merge(refused);
      said = `${count(added)} ${added === 1 ? "request" : "requests"} of that time ${added === 1 ? "was" : "were"} fetched from the recorder; more may be missing.`;
    } catch (error) {
      if (!gap) this.tell(`What was recorded could not be fetched: ${error.message}`);
    }
    if (gap) {
      const restart = isAnother ? " Apus was started anew." : "";
      const sentence = `No stream from ${clock(gap)} to ${clock(until)} (${age((until - gap) / 1000)}).${restart} ${said}`;
      this.requests.remark(sentence, gap);
      this.tell(`The stream is back. ${sentence}`);
    }
    this.touch();
  }

  #traffic(traffic) {
    const point = pointOf(traffic), ahead = point.at - Date.now();
    // What it took to get here is no difference of clocks.
    this.skew = Math.abs(ahead) > 3000 ? ahead : 0;
    // After a restart the clock of the old points may be ahead.
    while (this.points.length && this.points.at(-1).at >= point.at) this.points.pop();
    this.points.push(point);
    if (this.points.length > SPAN + 30) this.points.splice(0, this.points.length - SPAN);
    this.figures = figuresOf(traffic);
    this.health.show(this.figures, point);
    if (["overview", "top", "policy"].includes(this.view)) this.touch();
  }

  #ended(rows, total) {
    this.requests.add(rows);
    if (total > rows.length) {
      this.requests.remark(`Showing ${count(rows.length)} of ${count(total)} that ended in that moment.`, rows.at(-1)?.ended ?? this.now);
    }
    const refused = rows.filter((row) => row.refused);
    if (refused.length) {
      this.refusals.add(refused);
      if (this.view !== "refusals") this.unseen += refused.length;
      this.#badge("refusals", this.unseen);
    }
    if (this.view === "requests" || (refused.length && this.view === "refusals")) this.touch();
  }

  #open(entries, total) {
    this.views.open.take(entries, total);
    this.#badge("open", total);
    if (this.view === "open") this.touch();
  }

  #badge(view, number) {
    const badge = byId(`${view}-badge`);
    badge.hidden = !number;
    say(badge, number > 999 ? "999+" : number);
  }

  #state(state) {
    if (state === "dropped" && this.dropped === null) {
      this.dropped = this.stream.lastWord + this.skew;
      if (this.status) this.gap = this.dropped;
    }
    if (state === "live") this.dropped = null;
    document.body.classList.toggle("stale", state === "dropped");
    byId("link-state").className = `link-state ${state}`;
    byId("icon").href = state === "dropped" ? LOST_ICON : "/assets/favicon.svg";
    say(byId("link-text"), { connecting: "connecting", live: "live", dropped: "no stream" }[state]);
    document.title = state === "dropped" ? "(no stream) Apus" : "Apus";
    const banner = byId("banner");
    banner.hidden = state !== "dropped";
    if (state === "dropped") {
      const known = this.status ? `Apus has not answered since ${clock(this.dropped)}; these are the last figures.` : "Apus does not answer.";
      say(byId("banner-text"), this.stream.reason || known);
      this.#countdown();
    }
    this.touch();
  }

  #countdown() {
    const since = age((this.now - this.dropped) / 1000), wait = Math.max(0, this.stream.nextTry - Date.now());
    say(byId("banner-next"), `That was ${since} ago. ${wait ? `Trying again in ${age(wait / 1000 + 0.5)}.` : "Trying …"}`);
  }

  // The views

  /** Shows what the address names: `#requests?host=example.org`. */
  navigate() {
    const [name, parameters] = location.hash.slice(1).split("?");
    this.view = VIEWS.includes(name) ? name : "overview";
    this.detail.isOpen && this.detail.list !== this.views[this.view].list && this.detail.close();
    for (const view of VIEWS) {
      byId(`view-${view}`).hidden = view !== this.view;
      const link = document.querySelector(`nav [data-view="${view}"]`);
      if (view === this.view) link.setAttribute("aria-current", "page");
      else link.removeAttribute("aria-current");
    }
    if (["requests", "top"].includes(this.view)) this.views[this.view].take(new URLSearchParams(parameters ?? ""));
    if (this.view === "refusals") this.#badge("refusals", (this.unseen = 0));
    this.touch();
  }

  openDetail(row, list, byKey) {
    this.detail.show(row, list, byKey);
  }

  /** The panel follows the keys while it is open; not each step of a held key is asked for. */
  moveDetail(row, list) {
    if (!this.detail.isOpen) return;
    clearTimeout(this.moveTimer);
    this.moveTimer = setTimeout(() => this.detail.isOpen && this.detail.show(row, list, false), 80);
  }

  key(event) {
    if (event.ctrlKey || event.metaKey || event.altKey || byId("keys").open) return;
    const view = this.views[this.view];
    if (event.key === "Escape") {
      if (this.view === "open" && view.escape()) return;
      if (this.detail.isOpen) this.detail.close();
      else if (event.target.closest("form.bar")) (view.list ?? view).focus();
      return;
    }
    const isTyping = event.target.closest("input, select, textarea");
    if (isTyping) {
      if (event.key === "ArrowDown" && event.target.type === "search" && !event.target.list) {
        event.preventDefault();
        (view.list ?? view).focus();
      }
      return;
    }
    if (event.key === "/" && view.focusFilter) view.focusFilter();
    else if (event.key === "?") byId("keys").showModal();
    else if (event.key === "p" && this.view === "requests") view.pause();
    else if (/^[1-6]$/.test(event.key)) this.go(VIEWS[event.key - 1]);
    else if (["ArrowDown", "ArrowUp"].includes(event.key) && event.target === document.body && view.list) {
      view.list.focus();
      view.list.step(event.key === "ArrowDown" ? 1 : -1);
    } else return;
    event.preventDefault();
  }

  go(view) {
    location.hash = document.querySelector(`nav [data-view="${view}"]`).getAttribute("href");
  }

  begin() {
    addEventListener("hashchange", () => this.navigate());
    document.addEventListener("keydown", (event) => this.key(event));
    document.addEventListener("visibilitychange", () => document.hidden || this.stream.retry());
    byId("banner-retry").addEventListener("click", () => this.stream.retry());
    byId("help").addEventListener("click", () => byId("keys").showModal());
    byId("skip").addEventListener("click", (event) => {
      event.preventDefault();
      byId("main").focus();
    });
    byId("recording").href = RECORDING;
    this.#theme();
    setInterval(() => {
      if (this.dropped !== null) this.#countdown();
      if (this.view === "open" && this.isLive) this.touch();
      if (this.view === "requests" && this.views.requests.filter.since) this.touch();
    }, 1000);
    this.navigate();
    this.stream.start();
  }

  #theme() {
    const button = byId("theme"), root = document.documentElement;
    const show = () => {
      const theme = root.dataset.theme ?? "auto";
      button.textContent = { auto: "◐", light: "☀", dark: "☾" }[theme];
      button.setAttribute("aria-label", `Theme: ${theme === "auto" ? "automatic" : theme}`);
      button.title = button.getAttribute("aria-label");
    };
    button.addEventListener("click", () => {
      const next = THEMES[(THEMES.indexOf(root.dataset.theme ?? "auto") + 1) % THEMES.length];
      if (next === "auto") delete root.dataset.theme;
      else root.dataset.theme = next;
      try {
        localStorage.setItem("apus-theme", next);
      } catch {
        // Without storage it holds until the page is left.
      }
      show();
    });
    show();
  }
}

new House().begin();
