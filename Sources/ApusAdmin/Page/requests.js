// The two lists of what ended: all requests, and what was refused.

import { Filter } from "./ring.js";
import { RowList } from "./rows.js";
import { hint } from "./overview.js";
import { authority, byId, bytes, clock, clockMillis, count, element, micros, say } from "./text.js";

const plain = (of) => (cell, row) => {
  const text = of(row);
  say(cell, text);
  if (text.length > 12) cell.title = text;
  else if (cell.title) cell.removeAttribute("title");
};

function fillTarget(cell, row) {
  if (!cell.firstChild) cell.append(element("b"), element("span"));
  const host = authority(row.host, row.port, row.scheme);
  say(cell.firstChild, host || (row.fault ? "not understood" : ""));
  say(cell.lastChild, row.path);
  cell.title = host + row.path;
}

function fillStatus(cell, row) {
  say(cell, row.status || "–");
  const look = `cell status s${Math.floor(row.status / 100)}`;
  if (cell.className !== look) cell.className = look;
  cell.title = row.reason || (row.ending === "--" ? "" : `ended ${row.ending}`);
}

const COLUMNS = {
  // The lists are in the order in which requests ended.
  time: { title: "Ended", fill: plain((row) => clockMillis(row.ended)) },
  second: { title: "Ended", fill: plain((row) => clock(row.ended)) },
  status: { title: "Status", fill: fillStatus },
  method: { title: "Method", fill: plain((row) => row.method || "–") },
  target: { title: "Destination", fill: fillTarget },
  client: { title: "Client", fill: plain((row) => row.client) },
  user: { title: "User", fill: plain((row) => row.user) },
  who: { title: "Who", fill: plain((row) => (row.user ? `${row.user}, ${row.client}` : row.client)) },
  rule: { title: "Rule", fill: plain((row) => row.rule) },
  reason: { title: "Reason", fill: plain((row) => row.reason || row.fault) },
  size: { title: "Bytes", fill: plain((row) => bytes(row.up + row.down)) },
  total: { title: "Took", fill: plain((row) => micros(row.total)) },
};
const columns = (...names) => names.map((name) => ({ name, ...COLUMNS[name] }));

/** The view of #requests: filter, pause, the list. */
export class Requests {
  constructor(house) {
    this.house = house;
    this.form = byId("requests-filter");
    this.filter = new Filter();
    this.held = null;
    this.list = new RowList(byId("requests-frame"), {
      label: "Requests, newest first", prefix: "request",
      columns: columns("time", "status", "method", "target", "client", "user", "rule", "size", "total"),
      on: { open: (row, byKey) => house.openDetail(row, this.list, byKey), move: (row) => house.moveDetail(row, this.list) },
    });
    this.form.addEventListener("submit", (event) => event.preventDefault());
    this.form.addEventListener("input", () => this.#read());
    this.form.addEventListener("reset", (event) => {
      event.preventDefault();
      this.take([]);
      this.#read();
      this.focusFilter();
    });
    this.form.addEventListener("focusin", (event) => event.target.list && this.#know(event.target.name, event.target.list));
    byId("pause").addEventListener("click", () => this.pause());
  }

  /** Takes the filter that an address names. */
  take(parameters) {
    this.filter = new Filter(Object.fromEntries(parameters));
    for (const name of Filter.names) this.form.elements[name].value = this.filter[name];
    this.#name();
  }

  // The link to this view keeps the filter.
  #name() {
    const parameters = new URLSearchParams(Filter.names.filter((name) => this.filter[name]).map((name) => [name, this.filter[name]]));
    const address = parameters.size ? `#requests?${parameters}` : "#requests";
    document.querySelector('nav [data-view="requests"]').setAttribute("href", address);
    return address;
  }

  #read() {
    this.filter = new Filter(Object.fromEntries(new FormData(this.form)));
    history.replaceState(null, "", this.#name());
    this.house.touch();
  }

  // The names to choose from are those of the rows that are kept.
  #know(name, list) {
    const names = new Set(this.house.requests.rows.map((row) => row[name]).filter(Boolean));
    list.replaceChildren(...[...names].sort().slice(0, 200).map((value) => element("option", { value })));
  }

  focusFilter() {
    this.form.elements.text.select();
    this.form.elements.text.focus();
  }

  /** Holds the list still; what comes is counted. */
  pause() {
    const { requests } = this.house;
    this.held = this.held ? null : { rows: requests.rows.slice(), taken: requests.taken };
    const button = byId("pause");
    button.setAttribute("aria-pressed", String(Boolean(this.held)));
    button.textContent = this.held ? "Resume" : "Pause";
    this.house.tell(this.held ? "Paused." : "Resumed.", true);
    this.house.touch();
  }

  render() {
    const { requests, status } = this.house;
    const rows = this.held ? this.held.rows : requests.rows;
    const test = this.filter.test();
    const shown = rows.filter(test).reverse();
    this.list.show(shown);
    const kept = rows.reduce((sum, row) => sum + (row.note === null), 0);
    const passed = shown.reduce((sum, row) => sum + (row.note === null), 0);
    if (!passed && kept) this.list.showEmpty(element("p", {}, `None of the ${count(kept)} requests kept here passes the filter.`));
    else if (!shown.length) this.list.showEmpty(...hint(status, "No request yet."));
    byId("requests-clear").hidden = this.filter.isEmpty;
    const told = this.filter.isEmpty ? (kept ? `${count(kept)} newest` : "") : `${count(passed)} of ${count(kept)}`;
    say(byId("requests-told"), this.held ? `paused: ${count(requests.taken - this.held.taken)} new` : told);
    byId("requests-told").classList.toggle("held", Boolean(this.held));
  }
}

/** The view of #refusals: the same with the reasons in front. */
export class Refusals {
  constructor(house) {
    this.house = house;
    this.form = byId("refusals-filter");
    this.reason = "";
    this.list = new RowList(byId("refusals-frame"), {
      label: "Refusals, newest first", prefix: "refusal", columns: columns("second", "status", "method", "target", "who", "rule", "reason"),
      on: { open: (row, byKey) => house.openDetail(row, this.list, byKey), move: (row) => house.moveDetail(row, this.list) },
    });
    this.form.addEventListener("submit", (event) => event.preventDefault());
    this.form.addEventListener("input", () => house.touch());
  }

  focusFilter() {
    this.form.elements.text.select();
    this.form.elements.text.focus();
  }

  render() {
    const { refusals } = this.house;
    const test = new Filter({ text: this.form.elements.text.value }).test();
    const rows = refusals.rows.filter((row) => row.note === null && test(row));
    this.#reasons(rows);
    const shown = rows.filter((row) => !this.reason || reasonOf(row) === this.reason).reverse();
    this.list.show(shown);
    if (!shown.length) {
      const sentence = refusals.rows.length ? "No refusal passes the filter." : "Nothing was refused as far back as is recorded.";
      this.list.showEmpty(element("p", {}, sentence));
    }
    say(byId("refusals-told"), shown.length ? `${count(shown.length)} newest` : "");
  }

  // A chip for each rule or reason, most frequent first.
  #reasons(rows) {
    const counts = new Map();
    for (const row of rows) counts.set(reasonOf(row), (counts.get(reasonOf(row)) ?? 0) + 1);
    if (this.reason && !counts.has(this.reason)) counts.set(this.reason, 0);
    const sorted = [...counts].sort((one, other) => other[1] - one[1]).slice(0, 6);
    const host = byId("refusals-reasons");
    while (host.children.length > sorted.length) host.lastChild.remove();
    while (host.children.length < sorted.length) {
      const chip = element("button", { type: "button", class: "chip" }, element("span"), element("b"));
      chip.addEventListener("click", () => {
        this.reason = this.reason === chip.dataset.reason ? "" : chip.dataset.reason;
        this.house.touch();
      });
      host.append(chip);
    }
    sorted.forEach(([reason, number], index) => {
      const chip = host.children[index];
      chip.dataset.reason = reason;
      chip.title = reason;
      chip.setAttribute("aria-pressed", String(reason === this.reason));
      say(chip.firstChild, reason);
      say(chip.lastChild, count(number));
    });
  }
}

function reasonOf(row) {
  if (row.rule) return `rule ${row.rule}`.replace(/^rule rule /, "rule ");
  return row.fault === "rule" ? "no rule allows it" : row.fault.replaceAll("_", " ") || "refused";
}
