// What of the requests is to be seen: terms, each of which has to hold, a text, and a time.

/** The members that a term may be about, with their titles. */
export const FIELDS = { host: "Host", client: "Client", user: "User", rule: "Rule", method: "Method", status: "Status", outcome: "Outcome", would: "Would refuse", kind: "Kind", fault: "Fault" };
/** What an outcome may be. */
export const OUTCOMES = { served: "served", refused: "refused", asked: "asked for credentials", failed: "failed" };
const SPANS = { "1m": 60, "5m": 300, "15m": 900, "1h": 3600 };

/** Terms `{ name, value, not }`, a text whose words are all to be somewhere, and a time. */
export class Filter {
  terms = [];
  text = "";
  /** One of "1m", "5m", "15m", "1h"; empty for all. */
  since = "";
  /** Between these, in milliseconds since 1970; null for no bound. */
  from = null;
  to = null;

  /** Out of an address: `host=a.example&not.user=bo&text=…&since=5m`. */
  static of(parameters) {
    const filter = new Filter();
    for (const [key, value] of parameters) {
      const not = key.startsWith("not."), name = not ? key.slice(4) : key;
      if (!value) continue;
      if (name in FIELDS) filter.add({ name, value, not });
      else if (name === "text") filter.text = value;
      else if (name === "since" && value in SPANS) filter.since = value;
      else if ((name === "from" || name === "to") && Number(value)) filter[name] = Number(value);
    }
    return filter;
  }

  get isEmpty() {
    return !this.terms.length && !this.text && !this.since && this.from === null;
  }

  /** As it stands in an address. */
  get parameters() {
    const all = new URLSearchParams();
    for (const term of this.terms) all.append(`${term.not ? "not." : ""}${term.name}`, term.value);
    if (this.text) all.set("text", this.text);
    if (this.since) all.set("since", this.since);
    if (this.from !== null) all.set("from", this.from);
    if (this.to !== null) all.set("to", this.to);
    return all;
  }

  /** Adds a term, once. */
  add(term) {
    this.terms = [...this.terms.filter((one) => one.name !== term.name || one.value !== term.value), term];
  }

  /** Takes terms such as `user:anna` and `-status:4xx` out of a text; answers what is left of it. */
  takeTerms(text) {
    return text.replace(/(^|\s)([-!]?)(\w+):(\S+)/g, (all, space, not, name, value) => {
      if (!(name in FIELDS)) return all;
      this.add({ name, value, not: Boolean(not) });
      return space;
    }).trim();
  }

  /** A function of a row, with all that can be prepared prepared. */
  test(now) {
    const texts = this.text.toLowerCase().split(/\s+/).filter(Boolean);
    // Several of one kind are alternatives, what is not to be excludes each.
    const wanted = new Map();
    for (const term of this.terms.filter((one) => !one.not)) wanted.set(term.name, [...(wanted.get(term.name) ?? []), termTest(term)]);
    const refused = this.terms.filter((one) => one.not).map(termTest);
    const from = this.since ? now - SPANS[this.since] * 1000 : this.from ?? -Infinity, to = this.to ?? Infinity;
    return (row) => row.note !== null || (row.ended >= from && row.ended <= to && texts.every((text) => row.words.includes(text))
      && [...wanted.values()].every((tests) => tests.some((test) => test(row))) && !refused.some((test) => test(row)));
  }
}

function termTest({ name, value }) {
  const text = value.toLowerCase();
  if (name === "status") {
    const hundred = /^(\d)xx$/.exec(text);
    if (hundred) return (row) => Math.floor(row.status / 100) === Number(hundred[1]);
    if (text === "none") return (row) => row.status === 0;
    return (row) => String(row.status) === text;
  }
  // A host stands for all under it, as in the interface.
  if (name === "host") return (row) => row.host === text || row.host.endsWith(`.${text}`);
  if (name === "rule" && text === "no rule") return (row) => !row.rule || row.rule === "no rule";
  return (row) => String(row[name] ?? "").toLowerCase() === text;
}
