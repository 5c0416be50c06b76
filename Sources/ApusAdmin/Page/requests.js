// The list of all that ended: filtered, sorted, with the columns that somebody wants.

import { FIELDS, Filter, OUTCOMES } from "./filter.js";
import { hint } from "./overview.js";
import { RowList } from "./rows.js";
import { authority, byId, bytes, clock, clockMillis, count, download, element, micros, say } from "./text.js";

const plain = (of) => (cell, row) => {
  const text = of(row);
  say(cell, text);
  if (text.length > 12) cell.title = text;
  else if (cell.title) cell.removeAttribute("title");
};

function fillTarget(cell, row) {
  if (!cell.firstChild) cell.append(element("i", { "aria-hidden": "true" }), element("b"), element("span"));
  const host = authority(row.host, row.port, row.scheme), [icon, name, path] = cell.children;
  say(icon, { tunnel: "⇄", upgrade: "⇅" }[row.kind] ?? "");
  say(name, host || (row.fault ? "not understood" : ""));
  say(path, row.path);
  cell.title = `${{ tunnel: "Tunnel: ", upgrade: "Upgraded: " }[row.kind] ?? ""}${host}${row.path}`;
}

function fillStatus(cell, row) {
  if (!cell.firstChild) cell.append(element("span"));
  say(cell.firstChild, row.status || "–");
  cell.firstChild.className = `code s${Math.floor(row.status / 100)} ${row.outcome}`;
  cell.title = row.would ? `${row.would} would refuse it` : row.reason || (row.ending === "--" ? "" : `ended ${row.ending}`);
}

function fillTook(cell, row) {
  if (!cell.firstChild) cell.append(element("span"), element("i", { "aria-hidden": "true" }));
  // Who is refused waits for nobody.
  say(cell.firstChild, row.refused || row.asked ? "–" : micros(row.total));
  const decades = row.refused || row.asked ? 0 : Math.max(0, Math.log10(Math.max(row.total ?? 0, 100)) - 2) / 6;
  cell.lastChild.style.transform = `scaleX(${Math.min(1, decades).toFixed(2)})`;
}

/** All columns: what they show, how wide they are, what goes first where there is no room, and by what they sort. */
export const COLUMNS = {
  // The list is in the order in which requests ended.
  time: { title: "Ended", fill: plain((row) => clockMillis(row.ended)), width: 92, rank: 2, by: (row) => row.ended },
  second: { title: "Last", fill: plain((row) => clock(row.ended)), width: 64 },
  status: { title: "Status", fill: fillStatus, width: 52, by: (row) => row.status },
  method: { title: "Method", fill: plain((row) => row.method || "–"), width: 72, rank: 4, by: (row) => row.method },
  target: { title: "Destination", fill: fillTarget, width: 0, by: (row) => row.host + row.path },
  client: { title: "Client", fill: plain((row) => row.client), width: 116, rank: 3, by: (row) => row.client },
  user: { title: "User", fill: plain((row) => row.user), width: 84, rank: 5, by: (row) => row.user },
  rule: { title: "Rule", fill: plain((row) => row.rule), width: 116, rank: 7, by: (row) => row.rule },
  would: { title: "Would refuse", fill: plain((row) => row.would), width: 116, rank: 9, by: (row) => row.would },
  outcome: { title: "Outcome", fill: plain((row) => OUTCOMES[row.outcome]), width: 96, rank: 10, by: (row) => row.outcome },
  reason: { title: "Reason", fill: plain((row) => row.reason || row.fault), width: 200, rank: 11, by: (row) => row.reason },
  upstream: { title: "Upstream", fill: plain((row) => row.record.upstream ?? ""), width: 140, rank: 12, by: (row) => row.record.upstream ?? "" },
  up: { title: "Up", fill: plain((row) => bytes(row.up)), width: 62, rank: 8, by: (row) => row.up },
  down: { title: "Down", fill: plain((row) => bytes(row.down)), width: 66, rank: 6, by: (row) => row.down },
  total: { title: "Took", fill: fillTook, width: 68, rank: 1, by: (row) => (row.refused || row.asked ? -1 : row.total ?? 0) },
};
/** These columns, with their names. */
export const columns = (...names) => names.map((name) => ({ name, ...COLUMNS[name], sorts: Boolean(COLUMNS[name].by) }));

const USUAL = ["time", "status", "method", "target", "client", "user", "rule", "up", "down", "total"];
const STORE = "apus-columns";

/** The view of #requests: filter, columns, pause, the list. */
export class Requests {
  constructor(house) {
    this.house = house;
    this.form = byId("requests-filter");
    this.filter = new Filter();
    this.held = null;
    this.sorted = { name: "time", down: true };
    this.list = new RowList(byId("requests-frame"), {
      label: "Requests", prefix: "request", columns: columns(...USUAL),
      on: { open: (row, byKey) => house.openDetail(row, this.list, byKey), move: (row) => house.moveDetail(row, this.list), sort: (name) => this.#sort(name) },
    });
    this.list.markSort(this.sorted);
    const { elements } = this.form;
    elements.field.append(...Object.entries(FIELDS).map(([value, title]) => element("option", { value }, title)));
    this.form.addEventListener("submit", (event) => {
      event.preventDefault();
      this.#submit(event.submitter?.value === "not");
    });
    elements.text.addEventListener("input", () => this.#change({ text: elements.text.value }));
    elements.since.addEventListener("change", () => this.#change({ since: elements.since.value, from: null, to: null }));
    elements.value.addEventListener("focus", () => this.#know());
    byId("requests-clear").addEventListener("click", () => {
      this.take([]);
      this.#change({});
      this.focusFilter();
    });
    byId("pause").addEventListener("click", () => this.pause());
    byId("export").addEventListener("click", () => this.#export());
    this.#columnChoice();
  }

  /** Takes the filter that an address names. */
  take(parameters) {
    this.filter = Filter.of(parameters);
    this.#show();
  }

  #change(values) {
    Object.assign(this.filter, values);
    this.#show();
    history.replaceState(null, "", this.#name());
    this.house.touch();
  }

  // What is typed as a term becomes one; else the field and the value do.
  #submit(not) {
    const { text, field, value } = this.form.elements;
    const left = this.filter.takeTerms(text.value);
    if (value.value.trim()) this.filter.add({ name: field.value, value: value.value.trim(), not });
    value.value = "";
    this.#change({ text: left });
  }

  // The link to this view keeps the filter.
  #name() {
    const parameters = this.filter.parameters;
    const address = parameters.size ? `#requests?${parameters}` : "#requests";
    document.querySelector('nav [data-view="requests"]').setAttribute("href", address);
    return address;
  }

  #show() {
    const { text, since } = this.form.elements, { filter } = this;
    if (text.value !== filter.text) text.value = filter.text;
    since.value = filter.from === null ? filter.since : "";
    const chips = filter.terms.map((term) => this.#chip(`${FIELDS[term.name]} ${term.not ? "is not" : "is"} ${OUTCOMES[term.value] ?? term.value}`, term.not,
      () => this.#change({ terms: filter.terms.map((one) => (one === term ? { ...term, not: !term.not } : one)) }),
      () => this.#change({ terms: filter.terms.filter((one) => one !== term) })));
    if (filter.from !== null) {
      chips.push(this.#chip(`${clock(filter.from)} to ${filter.to === null ? "now" : clock(filter.to)}`, false, null, () => this.#change({ from: null, to: null })));
    }
    byId("requests-chips").replaceChildren(...chips);
    byId("requests-chips").hidden = !chips.length;
    this.#name();
  }

  #chip(text, not, turn, remove) {
    const word = turn ? element("button", { type: "button", class: "word", title: not ? "Show only these" : "Show all but these", click: turn }, text) : element("span", { class: "word" }, text);
    return element("span", { class: `filter-chip ${not ? "not" : ""}` }, word,
      element("button", { type: "button", class: "remove", "aria-label": `Remove ${text}`, click: remove }, "✕"));
  }

  // The values to choose from are those of the rows that are kept.
  #know() {
    const name = this.form.elements.field.value;
    const values = name === "outcome" ? Object.keys(OUTCOMES) : [...new Set(this.house.requests.rows.map((row) => row[name]).filter(Boolean).map(String))];
    if (name === "status") values.push("2xx", "3xx", "4xx", "5xx", "none");
    byId("known-value").replaceChildren(...values.sort().slice(0, 200).map((value) => element("option", { value })));
  }

  #sort(name) {
    const isSame = this.sorted.name === name;
    // First what is most of it, or in the order of the alphabet.
    const down = isSame ? !this.sorted.down : ["time", "up", "down", "total", "status"].includes(name);
    this.sorted = { name, down };
    this.list.markSort(this.sorted);
    this.house.tell(`Sorted by ${COLUMNS[name].title}, ${down ? "descending" : "ascending"}.`, true);
    this.house.touch();
  }

  #columnChoice() {
    let chosen = USUAL;
    try {
      const kept = JSON.parse(localStorage.getItem(STORE) ?? "null");
      if (Array.isArray(kept)) chosen = Object.keys(COLUMNS).filter((name) => name === "target" || kept.includes(name));
    } catch {
      // Without storage the usual ones hold.
    }
    const boxes = Object.entries(COLUMNS).filter(([name]) => name !== "second" && name !== "target").map(([name, column]) =>
      element("label", {}, element("input", { type: "checkbox", value: name, checked: chosen.includes(name) }), column.title));
    const menu = byId("columns-menu");
    menu.replaceChildren(...boxes);
    menu.addEventListener("change", () => {
      chosen = Object.keys(COLUMNS).filter((name) => name === "target" || menu.querySelector(`[value="${name}"]`)?.checked);
      this.list.setColumns(columns(...chosen));
      try {
        localStorage.setItem(STORE, JSON.stringify(chosen));
      } catch {
        // It holds until the page is left.
      }
    });
    if (chosen !== USUAL) this.list.setColumns(columns(...chosen));
  }

  #export() {
    const rows = this.#rows().shown.filter((row) => row.note === null);
    download("apus-requests.ndjson", "application/x-ndjson", rows.map((row) => `${JSON.stringify(row.record)}\n`).join(""));
    this.house.tell(`${count(rows.length)} requests are offered as a file, one JSON object a line.`);
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

  #rows() {
    const rows = this.held ? this.held.rows : this.house.requests.rows;
    const shown = rows.filter(this.filter.test(this.house.now)), { name, down } = this.sorted;
    if (name === "time") return { rows, shown: down ? shown.reverse() : shown };
    const { by } = COLUMNS[name];
    const order = (one, other) => {
      const [left, right] = [by(one), by(other)];
      return left < right ? -1 : left > right ? 1 : one.ended - other.ended;
    };
    // Remarks have their place in time alone.
    return { rows, shown: shown.filter((row) => row.note === null).sort(down ? (one, other) => order(other, one) : order) };
  }

  render() {
    const { requests, status } = this.house, { rows, shown } = this.#rows();
    this.list.show(shown);
    const kept = rows.reduce((sum, row) => sum + (row.note === null), 0);
    const passed = shown.reduce((sum, row) => sum + (row.note === null), 0);
    if (!passed && kept) this.list.showEmpty(element("p", {}, `None of the ${count(kept)} requests kept here passes the filter.`));
    else if (!shown.length) this.list.showEmpty(...hint(status, "No request yet."));
    byId("requests-clear").hidden = this.filter.isEmpty;
    byId("export").disabled = !passed;
    const told = this.filter.isEmpty ? (kept ? `${count(kept)} newest` : "") : `${count(passed)} of ${count(kept)}`;
    say(byId("requests-told"), this.held ? `paused: ${count(requests.taken - this.held.taken)} new` : told);
    byId("requests-told").classList.toggle("held", Boolean(this.held));
  }
}
