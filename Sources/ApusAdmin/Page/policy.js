// The rules in the order of their file, with what each did; the lists; and a box that asks what would become of a request.

import { explain, policy } from "./api.js";
import { explanation } from "./detail.js";
import { age, ago, byId, bytes, clock, count, element, placeOf, say } from "./text.js";

const EVERY = 3000;

/** The view of #policy; it asks while it is seen. */
export class Policy {
  constructor(house) {
    this.house = house;
    this.asked = 0;
    this.cards = new Map();
    const form = byId("ask");
    form.addEventListener("submit", (event) => {
      event.preventDefault();
      this.#explain(Object.fromEntries(new FormData(form)));
    });
  }

  render() {
    const { status } = this.house;
    if (status) say(byId("policy-facts"), status.policy ? `From ${status.policy}; the first rule that matches decides.` : "No settings file: what is not named below is allowed within the guards.");
    if (Date.now() - this.asked >= EVERY) this.#ask();
  }

  async #explain({ url, user, from, method }) {
    const host = byId("ask-answer");
    const options = Object.fromEntries(Object.entries({ user, from, method }).filter(([, value]) => value.trim()));
    host.replaceChildren(element("p", { class: "none" }, "Asking …"));
    try {
      const report = await explain(url.trim(), options);
      const served = report.status === null || report.status === undefined;
      host.replaceChildren(element("p", { class: "outcome" }, element("span", { class: `pill ${served ? "good" : "refused"}` }, served ? "served" : String(report.status)), element("span", {}, report.answer ?? "")),
        explanation(report, "Why"), ...(report.notes ?? []).map((note) => element("p", { class: "remark-line" }, note)));
    } catch (error) {
      host.replaceChildren(element("p", { class: "remark-line" }, error.message));
    }
  }

  async #ask() {
    this.asked = Date.now();
    try {
      this.#fill(await policy());
    } catch (error) {
      // A dropped stream has said it already.
      if (this.house.isLive) byId("policy-rules").replaceChildren(element("li", { class: "none" }, error.message));
    }
  }

  #fill({ rules, lists, no_rule: none, report_only: reports }) {
    const host = byId("policy-rules"), now = this.house.now;
    if (!rules.length) host.replaceChildren(element("li", { class: "none" }, "There are no rules: what is not named below is allowed within the guards."));
    else host.replaceChildren(...rules.map((rule) => this.#rule(rule, now, reports)), ...(none?.decided ? [this.#none(none, now, reports)] : []));
    const listHost = byId("policy-lists");
    if (!lists.length) return listHost.replaceChildren(element("li", { class: "none" }, "There are no lists."));
    listHost.replaceChildren(...lists.map((list) => this.#list(list, now)));
    return undefined;
  }

  #rule(rule, now, reports) {
    const { action, counts } = rule, isReport = rule.report_only || (reports && action === "deny");
    const name = rule.name === `rule ${rule.index}` ? null : rule.name;
    return element("li", { class: `rule ${action}` },
      element("span", { class: "line", title: rule.place }, rule.line ? `line ${rule.line}` : placeOf(rule.place)),
      element("div", { class: "rule-body" },
        element("h3", {}, element("span", { class: `badge-action ${action}` }, action), isReport ? element("span", { class: "badge-action report" }, "report only") : null,
          element("a", { href: `#requests?${new URLSearchParams({ [isReport ? "would" : "rule"]: rule.name })}` }, name ?? `rule ${rule.index}`)),
        element("code", {}, bodyOf(rule.text)), usage(rule.used)),
      this.#figures(action, isReport, counts, now));
  }

  #none(counts, now, reports) {
    return element("li", { class: "rule deny" }, element("span", { class: "line" }, "the end"),
      element("div", { class: "rule-body" }, element("h3", {}, element("span", { class: "badge-action deny" }, "deny"), "no rule matched")), this.#figures("deny", reports, counts, now));
  }

  #figures(action, isReport, counts, now) {
    const figure = (value, word, look = "") => element("span", { class: value ? look : "zero" }, element("b", {}, count(value)), ` ${word}`);
    const last = counts.last ? Date.parse(counts.last) : null;
    return element("div", { class: "rule-figures" },
      isReport ? figure(counts.would_refuse, "would be refused", "warn")
        : action === "limit" ? figure(counts.limited, "refused by the limit", "warn")
          : action === "deny" ? figure(counts.refused || counts.decided, "refused", "warn") : figure(counts.decided, "served"),
      action === "allow" && counts.limited ? figure(counts.limited, "limited", "warn") : null,
      action === "allow" ? element("span", { class: counts.bytes ? "" : "zero" }, bytes(counts.bytes)) : null,
      element("span", { class: "last", title: last ? clock(last) : null }, last ? `last match ${ago(last, now)}` : "never matched"));
  }

  #list(list, now) {
    const facts = [
      `${count(list.entries)} ${list.entries === 1 ? "entry" : "entries"}`, `${count(list.hits)} ${list.hits === 1 ? "hit" : "hits"}`,
      list.read ? `read ${ago(Date.parse(list.read), now)}` : null, list.refresh_seconds ? `looked at every ${age(list.refresh_seconds)}` : list.file ? "read at reloads alone" : null,
    ];
    return element("li", { class: "list-card" }, element("h3", {}, list.name), element("p", {}, facts.filter(Boolean).join("  ·  ")),
      list.file ? element("p", { class: "none file" }, list.file) : null,
      list.skipped_lines ? element("p", { class: "warn" }, `${count(list.skipped_lines)} ${list.skipped_lines === 1 ? "line was" : "lines were"} passed over: apus check says which.`) : null);
  }
}

// What is used most of a limit, and by whom.
function usage(used) {
  if (!used?.keys) return null;
  const keys = `${count(used.keys)} ${used.keys === 1 ? "is" : "are"} counted`;
  if (!used.bound) return element("p", { class: "none" }, keys);
  const text = used.bound === "volume" ? bytes : count, share = Math.min(1, used.used / Math.max(1, used.most));
  const bar = element("span", { class: `share ${share > 0.8 ? "near" : ""}`, "aria-hidden": "true" });
  bar.style.transform = `scaleX(${share.toFixed(3)})`;
  return element("p", { class: "usage" }, `${used.by ?? "Most"}: ${text(used.used)} of ${text(used.most)}${used.bound === "volume" ? "" : ` ${used.bound}`}`, bar, element("span", { class: "none" }, keys));
}

// Of `{ name: social, deny: { to: … } }` the name and what it does stand beside it.
function bodyOf(text) {
  const found = /(?:^|[{,\s])(allow|deny|limit):\s*([\s\S]*)$/.exec(text);
  if (!found) return text;
  let body = found[2].trim();
  if (text.trim().startsWith("{") && body.endsWith("}")) body = body.slice(0, -1).trim();
  if (body.startsWith("{") && body.endsWith("}")) body = body.slice(1, -1).trim();
  return body.replace(/, (?=[a-z-]+: )/g, "\n");
}
