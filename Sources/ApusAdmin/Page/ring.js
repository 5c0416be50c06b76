// The newest rows, oldest first, each once: what came by the stream, and what was fetched from the recorder.

/** At most `capacity` rows. A row with a `note` is no request but a remark between them, as of a gap. */
export class Ring {
  #ids = new Set();
  #notes = 0;

  constructor(capacity) {
    this.capacity = capacity;
    this.rows = [];
    /** How many requests ever came in. */
    this.taken = 0;
  }

  /** Adds what ended just now; answers how many of them were new. */
  add(rows) {
    const fresh = this.#take(rows);
    this.#trim();
    return fresh;
  }

  /** Adds what was fetched, sorted in by its end; answers how many were new. */
  merge(rows) {
    const fresh = this.#take(rows);
    if (fresh) this.rows.sort((one, other) => one.ended - other.ended);
    this.#trim();
    return fresh;
  }

  /** Puts a remark behind the rows that ended before `at`. */
  remark(note, at) {
    const row = { id: `note-${(this.#notes += 1)}`, note, at, ended: at, words: "" };
    let place = this.rows.length;
    while (place > 0 && this.rows[place - 1].ended > at) place -= 1;
    this.rows.splice(place, 0, row);
    this.#ids.add(row.id);
    this.#trim();
    return row;
  }

  #take(rows) {
    const fresh = rows.filter((row) => !this.#ids.has(row.id));
    for (const row of fresh) {
      this.#ids.add(row.id);
      this.rows.push(row);
    }
    this.taken += fresh.length;
    return fresh.length;
  }

  #trim() {
    const over = this.rows.length - this.capacity;
    if (over > 0) for (const gone of this.rows.splice(0, over)) this.#ids.delete(gone.id);
  }
}

/** What the filter of a list lets through. All texts are parts of words, in any case. */
export class Filter {
  static names = ["text", "status", "user", "rule", "host"];

  constructor(values = {}) {
    for (const name of Filter.names) this[name] = values[name] ?? "";
  }

  get isEmpty() {
    return Filter.names.every((name) => !this[name]);
  }

  /** A function of a row, with all that can be prepared prepared. */
  test() {
    const texts = this.text.toLowerCase().split(/\s+/).filter(Boolean);
    const [user, rule, host] = [this.user, this.rule, this.host].map((text) => text.trim().toLowerCase());
    const status = statusTest(this.status);
    return (row) => row.note !== null || (status(row) && texts.every((text) => row.words.includes(text))
      && row.user.toLowerCase().includes(user) && row.rule.toLowerCase().includes(rule) && row.host.includes(host));
  }
}

function statusTest(wanted) {
  if (!wanted) return () => true;
  if (wanted === "refused") return (row) => row.refused;
  if (wanted === "failed") return (row) => row.failed;
  if (wanted === "none") return (row) => row.status === 0;
  const hundred = /^(\d)xx$/.exec(wanted);
  if (hundred) return (row) => Math.floor(row.status / 100) === Number(hundred[1]);
  return (row) => String(row.status) === wanted;
}
