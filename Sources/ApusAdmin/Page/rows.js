// A list of many rows of which only those in sight are elements: they are used again as the list moves.

import { element, say } from "./text.js";

const SPARE = 6;
// Below this the rows have two lines, by the style.
const NARROW = 600;
// What the column that takes the rest needs at least.
const LEAST = 200;

/**
 * A grid of rows. `columns` are `{ name, title, fill(cell, row), width, rank, sorts }`: a width in pixels, or 0 for what takes a part of the rest;
 * those of the highest rank go first where there is no room. `on.open(row, byKey)` is Enter or a click, `on.move(row)` a step of the keys,
 * `on.sort(name)` a click at a title. Its height is its frame's; the height of a row is the style's `--row`.
 */
export class RowList {
  constructor(frame, { label, columns, prefix, on }) {
    this.columns = this.wanted = columns;
    this.sorted = null;
    this.prefix = prefix;
    this.on = on;
    this.items = [];
    this.activeId = null;
    this.slots = [];
    this.space = element("div", { class: "space", role: "rowgroup" });
    this.head = element("div", { class: "row head", role: "row", "aria-rowindex": "1" });
    this.grid = element("div", {
      class: "grid", role: "grid", tabindex: "0", "aria-label": label, "aria-readonly": "true",
    }, element("div", { class: "top", role: "rowgroup" }, this.head), this.space);
    this.#heads();
    this.empty = element("div", { class: "empty" });
    frame.append(this.grid, this.empty);
    this.grid.addEventListener("scroll", () => this.#later(), { passive: true });
    this.grid.addEventListener("keydown", (event) => this.#key(event));
    this.space.addEventListener("click", (event) => this.#click(event));
    new ResizeObserver(() => this.#measure()).observe(this.grid);
  }

  /** Shows these columns, as far as there is room for them. */
  setColumns(columns) {
    this.wanted = columns;
    this.#choose();
  }

  /** Which column the rows are sorted by: `{ name, down }`, or null. */
  markSort(sorted) {
    this.sorted = sorted;
    this.#heads();
  }

  #choose() {
    const width = this.grid.clientWidth;
    if (!width) return;
    let columns = this.wanted;
    const needs = () => columns.reduce((sum, column) => sum + (column.width || LEAST) + 12, 20);
    while (width >= NARROW && needs() > width && columns.some((column) => column.rank)) {
      const most = Math.max(...columns.map((column) => column.rank ?? 0));
      columns = columns.filter((column) => column.rank !== most);
    }
    if (columns.length === this.columns.length && columns.every((column, index) => column === this.columns[index]) && this.slots.length) return;
    this.columns = columns;
    this.grid.style.setProperty("--columns", columns.map((column) => (column.width ? `${column.width}px` : `minmax(0, ${column.part ?? 1}fr)`)).join(" "));
    this.grid.setAttribute("aria-colcount", columns.length);
    this.space.replaceChildren();
    this.slots = [];
    this.#heads();
    this.draw();
  }

  #heads() {
    const had = this.head.contains(document.activeElement) ? document.activeElement.dataset.name : null;
    this.head.replaceChildren(...this.columns.map((column) => {
      const by = this.sorted?.name === column.name ? (this.sorted.down ? "descending" : "ascending") : null;
      const title = column.sorts && this.on.sort
        ? element("button", { type: "button", class: "sort", "data-name": column.name, click: () => this.on.sort(column.name) }, column.title, by ? (by === "descending" ? " ↓" : " ↑") : "")
        : column.title;
      return element("span", { class: `cell ${column.name}`, role: "columnheader", "aria-sort": column.sorts && this.on.sort ? by ?? "none" : null }, title);
    }));
    if (had) this.head.querySelector(`[data-name="${had}"]`)?.focus();
  }

  /** Shows these rows, and keeps what is in sight in its place unless the top is. */
  show(items) {
    const { row, grid } = this;
    const anchor = row && grid.scrollTop > row / 2 ? Math.floor(grid.scrollTop / row) : -1;
    const held = anchor >= 0 ? this.items[anchor] : null;
    this.items = items;
    say(this.empty, "");
    this.empty.hidden = items.length > 0;
    grid.setAttribute("aria-rowcount", items.length + 1);
    if (!row) return;
    this.space.style.height = `${items.length * row}px`;
    if (held) {
      const place = items.indexOf(held);
      if (place > anchor) grid.scrollTop += (place - anchor) * row;
    }
    this.draw();
  }

  /** What stands there when there is no row: nodes. */
  showEmpty(...nodes) {
    this.empty.replaceChildren(...nodes);
    this.empty.hidden = false;
  }

  get active() {
    return this.activeId === null ? null : this.items.find((item) => item.id === this.activeId) ?? null;
  }

  set active(row) {
    this.activeId = row?.id ?? null;
    this.draw();
  }

  focus() {
    this.grid.focus();
  }

  /** Marks the row that is open beside the list. */
  mark(id) {
    this.openId = id;
    this.draw();
  }

  draw() {
    const { row, grid, items, slots } = this;
    if (!row) return;
    const first = Math.max(0, Math.floor(grid.scrollTop / row) - SPARE);
    const last = Math.min(items.length, Math.ceil((grid.scrollTop + this.height) / row) + SPARE);
    const size = Math.ceil(this.height / row) + 2 * SPARE + 2;
    while (slots.length < size) slots.push(this.#slot(slots.length));
    const used = new Set();
    let active = null;
    for (let index = first; index < last; index += 1) {
      const slot = slots[index % slots.length];
      used.add(slot);
      this.#fill(slot, items[index], index);
      if (items[index].id === this.activeId) active = slot;
    }
    for (const slot of slots) if (!used.has(slot) && !slot.node.hidden) slot.node.hidden = true;
    if (active) grid.setAttribute("aria-activedescendant", active.node.id);
    else grid.removeAttribute("aria-activedescendant");
  }

  #slot(number) {
    const cells = this.columns.map((column) => element("span", { class: `cell ${column.name}`, role: "gridcell" }));
    const note = element("span", { class: "cell note", role: "gridcell", "aria-colspan": this.columns.length, hidden: true });
    const node = element("div", { class: "row", role: "row", id: `${this.prefix}-${number}`, hidden: true }, ...cells, note);
    this.space.append(node);
    return { node, cells, note, item: null, top: -1, look: "" };
  }

  #fill(slot, item, index) {
    const { node, cells, note } = slot;
    const top = index * this.row;
    if (slot.top !== top) {
      node.style.transform = `translateY(${top}px)`;
      node.setAttribute("aria-rowindex", index + 2);
      node.classList.toggle("odd", index % 2 === 1);
      slot.top = top;
    }
    if (node.hidden) node.hidden = false;
    if (slot.item !== item) {
      slot.item = item;
      const isNote = item.note !== null;
      note.hidden = !isNote;
      say(note, item.note ?? "");
      cells.forEach((cell, place) => {
        cell.hidden = isNote;
        if (!isNote) this.columns[place].fill(cell, item);
      });
    }
    const look = [item.note !== null && "remark", item.members && "group", item.inside && "inside", item.would && "would", item.asked && "asked", item.refused && "refused", item.failed && "failed",
      item.id === this.activeId && "active", item.id === this.openId && "open"].filter(Boolean).join(" ");
    if (slot.look !== look) {
      for (const name of slot.look.split(" ").filter(Boolean)) node.classList.remove(name);
      for (const name of look.split(" ").filter(Boolean)) node.classList.add(name);
      node.setAttribute("aria-selected", String(item.id === this.openId));
      slot.look = look;
    }
  }

  #later() {
    if (this.waits) return;
    this.waits = true;
    requestAnimationFrame(() => {
      this.waits = false;
      this.draw();
    });
  }

  #measure() {
    const style = getComputedStyle(this.space);
    const row = parseFloat(style.getPropertyValue("--row")) || 28;
    this.height = this.grid.clientHeight;
    if (!this.height) return;
    if (row !== this.row) {
      const place = this.row ? this.grid.scrollTop / this.row : 0;
      this.row = row;
      this.space.style.height = `${this.items.length * row}px`;
      this.grid.scrollTop = place * row;
    }
    this.#choose();
    this.draw();
  }

  #click(event) {
    const slot = this.slots.find((slot) => slot.node.contains(event.target));
    // A text that is being selected is no click.
    if (!slot || !slot.item || slot.item.note !== null || !getSelection().isCollapsed) return;
    this.active = slot.item;
    this.on.open(slot.item, false);
  }

  #key(event) {
    if (event.ctrlKey || event.metaKey || event.altKey || event.target.closest("button")) return;
    const page = Math.max(1, Math.floor(this.height / this.row) - 2);
    const steps = { ArrowDown: 1, ArrowUp: -1, j: 1, k: -1, PageDown: page, PageUp: -page, Home: -Infinity, End: Infinity };
    if (event.key in steps) {
      event.preventDefault();
      this.step(steps[event.key]);
    } else if (event.key === "Enter" || event.key === " ") {
      const row = this.active;
      if (!row || row.note !== null) return;
      event.preventDefault();
      this.on.open(row, true);
    }
  }

  /** Moves the active row by so many; over remarks. */
  step(by) {
    const { items } = this;
    if (!items.length) return;
    const from = this.activeId === null ? -1 : items.findIndex((item) => item.id === this.activeId);
    let to = Math.min(items.length - 1, Math.max(0, from < 0 && by < 0 ? 0 : from + by));
    const direction = by < 0 ? -1 : 1;
    while (items[to] && items[to].note !== null) to += direction;
    if (!items[to]) return;
    this.activeId = items[to].id;
    const top = to * this.row, head = this.grid.firstChild.offsetHeight;
    if (top < this.grid.scrollTop) this.grid.scrollTop = top;
    else if (top + this.row + head > this.grid.scrollTop + this.height) this.grid.scrollTop = top + this.row + head - this.height;
    this.draw();
    this.on.move(items[to]);
  }
}
