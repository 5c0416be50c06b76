// The rules and the lists, with how often each matched.

import { policy } from "./api.js";
import { byId, count, element, placeOf, say } from "./text.js";

const EVERY = 5000;

/** The view of #policy; it asks while it is seen. */
export class Policy {
  constructor(house) {
    this.house = house;
    this.asked = 0;
  }

  render() {
    const { status } = this.house;
    if (status) say(byId("policy-facts"), status.policy ? `From ${status.policy}` : "No settings file: what is not named below is allowed within the guards.");
    if (Date.now() - this.asked >= EVERY) this.#ask();
  }

  async #ask() {
    this.asked = Date.now();
    try {
      this.#fill(await policy());
    } catch (error) {
      // A dropped stream has said it already.
      if (this.house.isLive) byId("policy-rules").replaceChildren(element("p", { class: "none" }, error.message));
    }
  }

  #fill({ rules, lists }) {
    const most = Math.max(...rules.map((rule) => rule.matches), 1);
    const number = (value) => element("td", { class: value ? "number" : "number zero" }, count(value));
    table(byId("policy-rules"), "There are no rules.", ["", "Name", "Rule", "Place", "Matches", ""], rules.map((rule, index) => {
      const bar = element("span", { class: "share", "aria-hidden": "true" });
      bar.style.transform = `scaleX(${rule.matches / most})`;
      return [element("td", { class: "number index" }, String(index + 1)), element("td", { class: "name" }, rule.name ?? ""),
        element("td", { class: "rule-text" }, element("code", {}, rule.text)), element("td", { class: "place", title: rule.place }, placeOf(rule.place)), number(rule.matches),
        element("td", { class: "share-cell" }, bar)];
    }));
    table(byId("policy-lists"), "There are no lists.", ["Name", "Entries", "Hits"], lists.map((list) =>
      [element("td", { class: "name" }, list.name), number(list.entries), number(list.hits)]));
  }
}

function table(host, none, titles, rows) {
  if (!rows.length) return host.replaceChildren(element("p", { class: "none" }, none));
  const numbers = ["Matches", "Entries", "Hits"];
  host.replaceChildren(element("table", { class: "figures" },
    element("thead", {}, element("tr", {}, ...titles.map((title) => title
      ? element("th", { scope: "col", class: numbers.includes(title) ? "number" : "" }, title) : element("td", {})))),
    element("tbody", {}, ...rows.map((cells) => element("tr", {}, ...cells)))));
}
