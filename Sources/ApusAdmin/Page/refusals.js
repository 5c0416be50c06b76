// What was refused, by host and true reason: each with how often, by how many clients, and when last.

import { COLUMNS } from "./requests.js";
import { RowList } from "./rows.js";
import { authority, byId, clock, count, element, say } from "./text.js";

const words = (of) => (cell, row) => {
  const text = of(row);
  say(cell, text);
  cell.title = text;
};
const host = (row) => authority(row.host, row.port, row.scheme) || "not understood";

function fillHost(cell, row) {
  if (!cell.firstChild) cell.append(element("i", { "aria-hidden": "true" }), element("b"), element("span"));
  const [mark, name, path] = cell.children;
  say(mark, row.members ? (row.isOpen ? "▾" : "▸") : "");
  say(name, row.members ? host(row) : "");
  say(path, row.members ? "" : `${row.method} ${row.path || host(row)}`);
  cell.title = host(row) + (row.members ? "" : row.path);
}

const LIST = [
  { name: "times", title: "Times", width: 56, fill: words((row) => (row.members ? `×${count(row.members.length)}` : String(row.status || "–"))) },
  { name: "host", title: "Host", width: 0, fill: fillHost },
  { name: "reason", title: "Reason", width: 0, fill: words((row) => (row.members ? reasonOf(row) : firstSentence(row.reason) || reasonOf(row))) },
  { name: "who", title: "Clients", width: 170, rank: 2, fill: words((row) => (row.members ? whoOf(row.members) : row.user ? `${row.user}, ${row.client}` : row.client)) },
  { name: "second", title: "Last", width: 64, rank: 1, fill: COLUMNS.second.fill },
];

function whoOf(members) {
  const clients = new Set(members.map((row) => row.client));
  return clients.size === 1 ? [...clients][0] : `${count(clients.size)} clients`;
}

const firstSentence = (text) => /^.*?[.!?](?=\s|$)/.exec(text)?.[0] ?? text;

/** Why it was refused, in few words: the rule, the limit, or what else said no. */
export function reasonOf(row) {
  const name = row.rule.replace(/^rule /, "");
  if (row.fault === "rule" || row.fault === "server_name_denied") return row.rule && row.rule !== "no rule" ? `rule ${name}` : "no rule allows it";
  const fault = row.fault.replaceAll("_", " ") || "refused";
  return row.rule && /limit/.test(row.fault) ? `${fault} of rule ${name}` : fault;
}

/** The view of #refusals. */
export class Refusals {
  constructor(house) {
    this.house = house;
    this.form = byId("refusals-filter");
    this.reason = "";
    this.open = new Set();
    this.inner = new WeakMap();
    this.list = new RowList(byId("refusals-frame"), {
      label: "Refusals by host and reason, the newest first; Enter opens a group", prefix: "refusal", columns: LIST,
      on: { open: (row, byKey) => (row.members ? this.#turn(row) : house.openDetail(row, this.list, byKey)), move: (row) => row.members || house.moveDetail(row, this.list) },
    });
    this.form.addEventListener("submit", (event) => event.preventDefault());
    this.form.addEventListener("input", () => house.touch());
  }

  // A refusal below its group; the same from one moment to the next.
  #inside(row) {
    let made = this.inner.get(row);
    if (!made) this.inner.set(row, (made = { ...row, inside: true }));
    return made;
  }

  #turn(group) {
    if (!this.open.delete(group.id)) this.open.add(group.id);
    this.house.tell(this.open.has(group.id) ? `${count(group.members.length)} refusals of ${host(group)} are shown.` : "Closed.", true);
    this.house.touch();
  }

  focusFilter() {
    this.form.elements.text.select();
    this.form.elements.text.focus();
  }

  render() {
    const { refusals } = this.house;
    const texts = this.form.elements.text.value.toLowerCase().split(/\s+/).filter(Boolean);
    const rows = refusals.rows.filter((row) => row.note === null && texts.every((text) => row.words.includes(text)));
    this.#reasons(rows);
    const wanted = rows.filter((row) => !this.reason || reasonOf(row) === this.reason);
    const groups = new Map();
    for (const row of wanted) {
      const key = `${host(row)} ${reasonOf(row)}`;
      const group = groups.get(key) ?? { ...row, id: `group-${key}`, members: [], note: null };
      group.members.unshift(row);
      group.ended = row.ended;
      groups.set(key, group);
    }
    const sorted = [...groups.values()].sort((one, other) => other.ended - one.ended);
    const shown = sorted.flatMap((group) => {
      group.isOpen = this.open.has(group.id);
      return group.isOpen ? [group, ...group.members.map((row) => this.#inside(row))] : [group];
    });
    this.list.show(shown);
    if (!shown.length) {
      const sentence = refusals.rows.length ? "No refusal passes the filter." : "Nothing was refused as far back as is recorded. That credentials are asked for is no refusal.";
      this.list.showEmpty(element("p", {}, sentence));
    }
    const newest = wanted.at(-1);
    say(byId("refusals-told"), newest ? `${count(wanted.length)} refusals in ${count(sorted.length)} ${sorted.length === 1 ? "group" : "groups"}, the last at ${clock(newest.ended)}` : "");
  }

  // A chip for each true reason, most frequent first.
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
