// Who uses it, for what and how much: clients, users, hosts and rules by requests, bytes and refusals.

import { ranking } from "./api.js";
import { age, byId, bytes, count, element, percent, say } from "./text.js";

const EVERY = 2000;
const NAMES = { clients: "Client", users: "User", hosts: "Host", rules: "Rule" };
const NONE = { clients: "No client in this time.", users: "Nobody has shown credentials in this time.", hosts: "No host in this time.", rules: "No rule has had a say in this time." };
const MEASURES = [["requests", "Requests", count], ["bytes", "Bytes", bytes], ["refused", "Refused", count]];

/** The view of #top; it asks while it is seen. */
export class Top {
  constructor(house) {
    this.house = house;
    this.form = byId("top-form");
    this.asked = 0;
    this.form.addEventListener("submit", (event) => event.preventDefault());
    this.form.addEventListener("change", () => {
      history.replaceState(null, "", `#top?${new URLSearchParams(new FormData(this.form))}`);
      this.#ask();
    });
  }

  /** Takes what an address names. */
  take(parameters) {
    for (const [name, value] of parameters) {
      const field = this.form.elements[name];
      if (field && [...field].some((one) => one.value === value)) field.value = value;
    }
    this.asked = 0;
  }

  render() {
    if (Date.now() - this.asked >= EVERY) this.#ask();
  }

  async #ask() {
    this.asked = Date.now();
    const { list, window: span, by } = Object.fromEntries(new FormData(this.form));
    try {
      const found = await ranking(list, span, by);
      const now = Object.fromEntries(new FormData(this.form));
      // What was chosen meanwhile has been asked for, too.
      if (now.list === list && now.window === span && now.by === by) this.#fill(found, list, span, by);
    } catch (error) {
      if (this.house.isLive) byId("top-table").replaceChildren(element("p", { class: "none" }, error.message));
    }
  }

  #fill(found, list, span, by) {
    const { total, rows, keys, seconds } = found;
    const time = span === "start" ? `since the start, ${age(seconds)}` : `the last ${age(seconds)}`;
    const more = keys > rows.length ? `${count(rows.length)} of ${count(keys)}` : `${count(keys)}`;
    say(byId("top-told"), `${more} ${keys === 1 ? NAMES[list].toLowerCase() : list} in ${time}: ${count(total.requests)} requests, ${bytes(total.bytes)}, ${count(total.refused)} refused`);
    const host = byId("top-table");
    if (!rows.length) return host.replaceChildren(element("p", { class: "none" }, by === "refused" && keys ? "Nothing was refused in this time." : NONE[list]));
    const most = Math.max(rows[0][by], 1);
    const head = element("tr", {}, element("th", { scope: "col", class: "number index" }, "#"), element("th", { scope: "col" }, NAMES[list]),
      ...MEASURES.map(([name, title]) => element("th", { scope: "col", class: "number", "aria-sort": name === by ? "descending" : "none" },
        element("button", { type: "button", class: "sort", click: () => this.#by(name) }, title, name === by ? " ↓" : ""))), element("th", { scope: "col", class: "share-head" }, "Share"));
    const body = rows.map((row, index) => {
      const bar = element("span", { class: "share", "aria-hidden": "true" });
      bar.style.transform = `scaleX(${row[by] / most})`;
      const link = element("a", { href: `#requests?${new URLSearchParams({ [list.slice(0, -1)]: row.name })}`, title: row.name }, row.name);
      const missing = row[`missing_${by}`];
      return element("tr", {}, element("td", { class: "number index" }, String(index + 1)), element("td", { class: "name" }, link),
        ...MEASURES.map(([name, , text]) => element("td", { class: `number ${row[name] ? "" : "zero"} ${name === by ? "by" : ""}` }, text(row[name]),
          name === by && missing ? element("span", { class: "error", title: `At most ${text(missing)} more: there were more than can be kept apart.` }, ` + ≤ ${text(missing)}`) : null)),
        element("td", { class: "share-cell" }, element("span", { class: "share-text" }, percent(row[by], total[by])), bar));
    });
    host.replaceChildren(element("table", { class: "figures top-table" }, element("thead", {}, head), element("tbody", {}, ...body)));
    return undefined;
  }

  #by(name) {
    this.form.elements.by.value = name;
    this.form.dispatchEvent(new Event("change"));
    this.house.tell(`By ${name}.`, true);
  }
}
