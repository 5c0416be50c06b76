// Charts over time: lines, bands or stacked areas, with an axis, a value at the pointer, and breaks where nothing was heard.

import { clock, element, say } from "./text.js";

/** Seconds of the short range. */
export const SPAN = 300;
const WIDTH = 600, HEIGHT = 120;
const SVG = "http://www.w3.org/2000/svg";

function shape(name, attributes) {
  const made = document.createElementNS(SVG, name);
  for (const [key, value] of Object.entries(attributes)) made.setAttribute(key, value);
  return made;
}

/** The next of 1, 2, 4, 10, 20, … above: such as can be halved. */
export function niceTop(value) {
  if (!(value > 0)) return 1;
  const power = 10 ** Math.floor(Math.log10(value));
  return [1, 2, 4, 6, 10].map((step) => step * power).find((top) => top >= value * 0.999);
}

/**
 * A chart: `series` are `{ name, look, of(point) }`, `text(value)` writes a value. `stacked` puts each upon the one before; `filled` paints the
 * area below the first, `band` that between the first and the last; `least` is the lowest top of the axis; `byDecades` is a logarithmic axis. `on.pick(from, to)` is a drag.
 */
export class Chart {
  constructor(host, { name, series, text, filled = false, stacked = false, band = false, least = 0, byDecades = false }, on = {}) {
    Object.assign(this, { name, series, text, filled, stacked, band, least, byDecades, on });
    this.svg = shape("svg", { viewBox: `0 0 ${WIDTH} ${HEIGHT}`, preserveAspectRatio: "none", role: "img", class: "plot" });
    for (const part of [0, 0.5]) this.svg.append(shape("line", { x1: 0, x2: WIDTH, y1: HEIGHT * part, y2: HEIGHT * part, class: "grid-line" }));
    for (let part = 1; part < 5; part += 1) this.svg.append(shape("line", { x1: WIDTH * part / 5, x2: WIDTH * part / 5, y1: 0, y2: HEIGHT, class: "grid-line" }));
    this.svg.append(shape("line", { x1: 0, x2: WIDTH, y1: HEIGHT, y2: HEIGHT, class: "base-line" }));
    this.areas = series.map((one, index) => (stacked || (filled && index === 0) || (band && index === series.length - 1) ? this.svg.appendChild(shape("path", { class: `area ${stacked ? "full " : ""}${band ? series[0].look : one.look}` })) : null));
    // Where nothing lies upon a series, its own line is what is seen.
    this.lines = series.map((one) => shape("path", { class: `line ${one.look}` }));
    this.svg.append(...(stacked ? this.lines.toReversed() : this.lines));
    this.choice = this.svg.appendChild(shape("rect", { y: 0, height: HEIGHT, x: 0, width: 0, class: "choice" }));
    this.cursor = this.svg.appendChild(shape("line", { x1: 0, x2: 0, y1: 0, y2: HEIGHT, class: "cursor", visibility: "hidden" }));
    this.ticks = ["upper", "middle", "lower"].map((place) => element("span", { class: `tick ${place}`, "aria-hidden": "true" }));
    this.times = element("div", { class: "moments", "aria-hidden": "true" }, element("span"), element("span"), element("span"));
    this.tip = element("div", { class: "tip", "aria-hidden": "true", hidden: true });
    this.frame = element("div", { class: "plot-frame" }, this.svg, ...this.ticks, this.tip);
    host.append(this.frame, this.times);
    this.#listen();
  }

  #listen() {
    const at = (event) => {
      const box = this.svg.getBoundingClientRect();
      return this.now - (1 - Math.min(1, Math.max(0, (event.clientX - box.left) / box.width))) * this.span * 1000;
    };
    this.frame.addEventListener("pointermove", (event) => {
      if (this.from !== undefined) this.#choose(this.from, at(event));
      this.on.point?.(at(event));
    });
    this.frame.addEventListener("pointerleave", () => {
      this.from = undefined;
      this.#choose(0, 0);
      this.on.point?.(null);
    });
    this.frame.addEventListener("pointerdown", (event) => {
      if (event.pointerType === "mouse" && event.button === 0 && this.on.pick) this.from = at(event);
    });
    this.frame.addEventListener("pointerup", (event) => {
      const from = this.from;
      this.from = undefined;
      this.#choose(0, 0);
      if (from !== undefined && Math.abs(at(event) - from) > this.span * 10) this.on.pick(Math.min(from, at(event)), Math.max(from, at(event)));
    });
  }

  #x = (at) => WIDTH * (1 - (this.now - at) / 1000 / this.span);

  #choose(from, to) {
    const [left, right] = [from, to].map(this.#x).sort((one, other) => one - other);
    this.choice.setAttribute("x", from === to ? 0 : left);
    this.choice.setAttribute("width", from === to ? 0 : right - left);
  }

  /** Draws the points of the last `span` seconds before `now`, of which one comes every `step` seconds; `at` is under the pointer, or null. */
  draw(points, { now, span, step, at }) {
    Object.assign(this, { now, span });
    const seen = points.filter((point) => point.at > now - span * 1000);
    const values = this.#values(seen);
    const { height, top, bottom, middle } = this.#axis(values);
    this.series.forEach((_, index) => {
      const below = this.stacked && index > 0 ? values[index - 1] : this.band ? values[0] : null;
      const paths = this.#paths(seen, values[index], below, height, step * 3500);
      this.lines[index].setAttribute("d", paths.line);
      this.areas[index]?.setAttribute("d", paths.area);
    });
    [top, middle, bottom].forEach((value, index) => say(this.ticks[index], this.text(value)));
    [now - span * 1000, now - span * 500, now].forEach((moment, index) => say(this.times.children[index], clock(moment)));
    this.#tell(seen, at);
    const told = this.#alternative(seen);
    if (this.svg.getAttribute("aria-label") !== told) this.svg.setAttribute("aria-label", told);
  }

  // Of each series the values, or their sums from the ground up.
  #values(points) {
    const made = [];
    this.series.forEach((one, index) => {
      made.push(points.map((point, place) => {
        const value = one.of(point);
        if (value === null || value === undefined) return this.stacked && index > 0 ? made[index - 1][place] : null;
        return this.stacked && index > 0 ? value + (made[index - 1][place] ?? 0) : value;
      }));
    });
    return made;
  }

  /** The ends of the axis, and how high a value stands, from 0 to 1. */
  #axis(values) {
    const all = values.flat().filter((value) => value !== null);
    const most = Math.max(0, ...all), fewest = Math.min(Infinity, ...all.filter((value) => value > 0));
    const decade = (value, round) => 10 ** round(Math.log10(value));
    if (!this.byDecades) {
      const top = Math.max(niceTop(most), this.least);
      return { height: (value) => value / top, top, middle: top / 2, bottom: 0 };
    }
    const bottom = fewest === Infinity ? this.least / 100 : decade(fewest, Math.floor);
    const top = Math.max(most > 0 ? decade(most, Math.ceil) : this.least, bottom * 10);
    return { height: (value) => Math.log10(Math.max(value, bottom) / bottom) / Math.log10(top / bottom), top, middle: Math.sqrt(top * bottom), bottom };
  }

  #paths(points, values, below, height, gap) {
    let line = "", area = "", run = [];
    const y = (value) => +(HEIGHT - height(value) * (HEIGHT - 2)).toFixed(1);
    const close = () => {
      if (!run.length) return;
      const edge = run.map(({ x, place }) => `${x} ${y(values[place])}`);
      line += `M${run[0].x - 0.6} ${y(values[run[0].place])}L${edge.join("L")}`;
      const ground = run.toReversed().map(({ x, place }) => `${x} ${below ? y(below[place] ?? 0) : HEIGHT}`);
      area += `M${edge.join("L")}L${ground.join("L")}Z`;
      run = [];
    };
    points.forEach((point, place) => {
      // A moment without a value is a break of the line, not a zero.
      if (values[place] === null) return close();
      if (run.length && point.at - points[run.at(-1).place].at > gap) close();
      run.push({ x: +this.#x(point.at).toFixed(1), place });
      return undefined;
    });
    close();
    return { line, area };
  }

  // The values stand where the pointer is.
  #tell(points, at) {
    const near = at === null ? null : points.reduce((best, point) => (best === null || Math.abs(point.at - at) < Math.abs(best.at - at) ? point : best), null);
    const isNear = near !== null && Math.abs(near.at - at) < this.span * 20;
    this.cursor.setAttribute("visibility", isNear ? "visible" : "hidden");
    this.tip.hidden = !isNear;
    if (!isNear) return;
    const x = this.#x(near.at);
    for (const end of ["x1", "x2"]) this.cursor.setAttribute(end, x);
    this.tip.replaceChildren(element("b", {}, clock(near.at)), ...this.series.toReversed().map((one) =>
      element("span", { class: one.look }, element("i", { class: "swatch" }), `${one.name} `, element("b", {}, this.text(one.of(near))))));
    this.tip.classList.toggle("left", x > WIDTH * 0.6);
    this.tip.style.left = `${(100 * x) / WIDTH}%`;
  }

  #alternative(points) {
    const told = this.series.map((one) => {
      const values = points.map(one.of).filter((value) => value !== null && value !== undefined);
      if (!values.length) return `${one.name}: nothing measured`;
      const [now, least, most] = [values.at(-1), Math.min(...values), Math.max(...values)].map(this.text);
      return `${one.name}: now ${now}, least ${least}, most ${most}`;
    });
    return `${this.name}, last ${this.span > SPAN ? "hour" : "five minutes"}. ${told.join("; ")}.`;
  }
}
