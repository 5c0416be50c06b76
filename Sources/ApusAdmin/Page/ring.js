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
