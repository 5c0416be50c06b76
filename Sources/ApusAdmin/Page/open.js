// What is open now: requests and tunnels, with their bytes moving, and a button that closes one.

import { close } from "./api.js";
import { age, authority, byId, bytes, count, element, say } from "./text.js";

/** The view of #open. Rows are kept by id from one second to the next, so that a question that is asked in one stays. */
export class Open {
  constructor(house) {
    this.house = house;
    this.entries = [];
    this.total = 0;
    this.rows = new Map();
    this.form = byId("open-filter");
    this.table = byId("open-table");
    this.body = this.table.tBodies[0];
    this.form.addEventListener("submit", (event) => event.preventDefault());
    this.form.addEventListener("input", () => house.touch());
    this.body.addEventListener("keydown", (event) => this.#key(event));
    this.form.elements.by.addEventListener("change", () => house.touch());
  }

  /** Takes what is open; rates are out of the bytes since the event before. */
  take(entries, total) {
    const now = performance.now(), before = new Map(this.entries.map((entry) => [entry.id, entry]));
    const passed = (now - this.came) / 1000;
    for (const entry of entries) {
      const last = before.get(entry.id);
      // The first sight of an entry tells no rate.
      entry.upRate = last && passed > 0.2 ? Math.max(0, (entry.up - last.up) / passed) : last ? last.upRate : null;
      entry.downRate = last && passed > 0.2 ? Math.max(0, (entry.down - last.down) / passed) : last ? last.downRate : null;
    }
    this.entries = entries;
    this.total = total;
    this.came = now;
  }

  focusFilter() {
    this.form.elements.text.select();
    this.form.elements.text.focus();
  }

  render() {
    const { house } = this;
    const wanted = this.form.elements.text.value.toLowerCase().split(/\s+/).filter(Boolean);
    const shown = this.entries.filter((entry) => {
      const words = [entry.host, entry.port, entry.path, entry.client, entry.user, entry.phase, entry.rule, entry.method].join("\n").toLowerCase();
      return wanted.every((word) => words.includes(word));
    });
    const by = { age: (entry) => entry.age, rate: (entry) => (entry.upRate ?? 0) + (entry.downRate ?? 0), bytes: (entry) => entry.up + entry.down,
      client: (entry) => entry.client }[this.form.elements.by.value];
    // Of clients those together that have most.
    const of = new Map();
    for (const entry of shown) of.set(entry.client, (of.get(entry.client) ?? 0) + 1);
    shown.sort((one, other) => (this.form.elements.by.value === "client" ? of.get(other.client) - of.get(one.client) || (one.client < other.client ? -1 : 1) : by(other) - by(one)));
    this.#rows(shown);
    this.table.hidden = !shown.length;
    const empty = byId("open-empty");
    empty.hidden = shown.length > 0;
    if (!shown.length) {
      const sentence = this.entries.length ? "Nothing that is open passes the filter." : house.isLive ? "Nothing is open." : "Nothing was open when the stream dropped.";
      empty.replaceChildren(element("p", {}, sentence));
    }
    const kept = this.entries.length;
    const part = shown.length < kept ? `${count(shown.length)} of ` : "";
    const rate = this.entries.reduce((sum, entry) => sum + (entry.upRate ?? 0) + (entry.downRate ?? 0), 0);
    const passing = rate ? `, ${bytes(rate)}/s` : "";
    say(byId("open-told"), this.total > kept ? `showing ${part ? `${count(shown.length)} of the` : "the"} ${count(kept)} oldest of ${count(this.total)}` : kept ? `${part}${count(kept)} open${passing}` : "");
  }

  #rows(shown) {
    const focused = document.activeElement;
    const gone = new Set(this.rows.keys());
    let place = this.body.firstChild;
    for (const entry of shown) {
      gone.delete(entry.id);
      let row = this.rows.get(entry.id);
      if (!row) this.rows.set(entry.id, (row = this.#row(entry)));
      this.#fill(row, entry);
      if (row.node === place) place = place.nextSibling;
      else this.body.insertBefore(row.node, place);
    }
    for (const id of gone) {
      const { node } = this.rows.get(id);
      // The focus does not fall out of the table with its row.
      if (node.contains(focused)) (node.nextSibling ?? node.previousSibling)?.focus();
      node.remove();
      this.rows.delete(id);
    }
    if (this.body.firstChild && !this.body.querySelector('[tabindex="0"]')) this.body.firstChild.tabIndex = 0;
  }

  #row(entry) {
    const cells = Object.fromEntries(["age", "phase", "target", "client", "user", "rule", "up", "down", "act"].map((name) =>
      [name, element("td", { class: name === "up" || name === "down" ? `number ${name}` : name })]));
    cells.target.append(element("b", {}, authority(entry.host, entry.port, "http") || "–"), element("span", {}, entry.path));
    cells.target.title = `${entry.method} ${authority(entry.host, entry.port)}${entry.path}${entry.upstream ? `, by ${entry.upstream}` : ""}`;
    say(cells.client, entry.client);
    for (const way of ["up", "down"]) cells[way].append(element("span"), element("span", { class: "moving" }));
    const node = element("tr", { tabindex: "-1", "data-id": entry.id }, ...Object.values(cells));
    const row = { node, cells, id: entry.id, name: authority(entry.host, entry.port) || entry.client };
    this.#offer(row);
    return row;
  }

  #fill(row, entry) {
    const { cells } = row;
    const since = this.house.isLive ? (performance.now() - this.came) / 1000 : 0;
    say(cells.age, age(entry.age + since));
    say(cells.phase, entry.phase);
    cells.phase.className = `phase ${entry.phase.replace(" ", "-")}`;
    say(cells.user, entry.user);
    say(cells.rule, entry.rule);
    for (const [way, rate] of [["up", entry.upRate], ["down", entry.downRate]]) {
      say(cells[way].firstChild, bytes(entry[way]));
      cells[way].firstChild.className = entry[way] ? "" : "zero";
      say(cells[way].lastChild, rate ? `${bytes(rate)}/s` : "");
    }
  }

  // The close button, and what it becomes: a question in its place, then what came of it.
  #offer(row, focus = false) {
    // Without a token this listener only shows.
    if (!this.house.status?.closes) {
      row.cells.act.title = `apus end ${row.id}`;
      return;
    }
    const button = element("button", { type: "button", class: "small", "aria-label": `Close ${row.name}`, click: () => this.#ask(row) }, "Close");
    row.cells.act.replaceChildren(button);
    row.node.classList.remove("asked");
    if (focus) button.focus();
  }

  #ask(row) {
    const yes = element("button", { type: "button", class: "small danger", "aria-label": `Really close ${row.name}`, click: () => this.#close(row) }, "Close it");
    const no = element("button", { type: "button", class: "small", "aria-label": `Keep ${row.name} open`, click: () => this.#offer(row, true) }, "Keep");
    row.cells.act.replaceChildren(yes, " ", no);
    row.node.classList.add("asked");
    yes.focus();
  }

  async #close(row) {
    row.cells.act.replaceChildren(element("span", { class: "none" }, "closing …"));
    row.node.focus();
    try {
      await close(row.id);
      this.house.tell(`${row.name} was closed.`);
      say(row.cells.act, "closed");
    } catch (error) {
      this.house.tell(error.status === 404 ? `${row.name} had already ended.` : `${row.name} was not closed: ${error.message}`);
      if (this.rows.has(row.id)) this.#offer(row);
    }
  }

  /** Escape takes a question back; answers whether there was one. */
  escape() {
    const asked = [...this.rows.values()].filter((row) => row.node.classList.contains("asked"));
    for (const row of asked) this.#offer(row, true);
    return asked.length > 0;
  }

  focus() {
    (this.body.querySelector('[tabindex="0"]') ?? this.form.elements.text).focus();
  }

  #key(event) {
    const node = event.target.closest("tr");
    const steps = { ArrowDown: "nextSibling", ArrowUp: "previousSibling", j: "nextSibling", k: "previousSibling" };
    if (event.key in steps) {
      event.preventDefault();
      const next = node[steps[event.key]];
      if (!next) return;
      for (const row of this.body.children) row.tabIndex = row === next ? 0 : -1;
      next.focus();
    } else if (event.key === "Delete") {
      const row = this.rows.get(node.dataset.id);
      if (row && !row.node.classList.contains("asked")) this.#ask(row);
    }
  }
}
