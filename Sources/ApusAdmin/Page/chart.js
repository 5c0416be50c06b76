// Small charts of the last five minutes: lines over time, with breaks where nothing was heard.

import { element } from "./text.js";

/** Seconds from the left edge to the right. */
export const SPAN = 300;
const HEIGHT = 60;
// Points come each second; what lies further apart is a gap.
const BREAK = 3500;
const SVG = "http://www.w3.org/2000/svg";

function shape(name, attributes) {
  const made = document.createElementNS(SVG, name);
  for (const [key, value] of Object.entries(attributes)) made.setAttribute(key, value);
  return made;
}

/** The next of 1, 1.5, 2, 3, 5, 7, 10, 15, … above. */
export function niceTop(value) {
  if (!(value > 0)) return 1;
  const power = 10 ** Math.floor(Math.log10(value));
  return [1, 1.5, 2, 3, 5, 7, 10].map((step) => step * power).find((top) => top >= value * 0.999);
}

/**
 * A chart with lines: `series` are `{ name, look, of(point) }`, `text(value)` writes a value of the axis. `filled` paints the area
 * below the first; `least` is the lowest top of the axis; `byDecades` is a logarithmic axis, for what spans many. The text
 * alternative says the newest, least and most of each.
 */
export class Chart {
  constructor(host, { name, series, text, filled = false, least = 0, byDecades = false }) {
    Object.assign(this, { name, series, text, filled, least, byDecades });
    this.svg = shape("svg", { viewBox: `0 0 ${SPAN} ${HEIGHT}`, preserveAspectRatio: "none", role: "img", class: "plot" });
    for (let minute = 60; minute < SPAN; minute += 60) {
      this.svg.append(shape("line", { x1: minute, x2: minute, y1: 0, y2: HEIGHT, class: "grid-line" }));
    }
    this.svg.append(shape("line", { x1: 0, x2: SPAN, y1: HEIGHT, y2: HEIGHT, class: "base-line" }));
    this.area = filled ? this.svg.appendChild(shape("path", { class: `area ${series[0].look}` })) : null;
    this.lines = series.map((one) => this.svg.appendChild(shape("path", { class: `line ${one.look}` })));
    this.cursor = this.svg.appendChild(shape("line", { x1: 0, x2: 0, y1: 0, y2: HEIGHT, class: "cursor", visibility: "hidden" }));
    this.top = element("span", { class: "plot-top", "aria-hidden": "true" });
    this.bottom = element("span", { class: "plot-bottom", "aria-hidden": "true", hidden: !byDecades });
    host.append(element("div", { class: "plot-frame" }, this.svg, this.top, this.bottom));
  }

  /** Draws the points of the last five minutes before `now`; `at` is the moment under the pointer, or null. */
  draw(points, now, at) {
    const seen = points.filter((point) => point.at > now - SPAN * 1000);
    const { height, top, bottom } = this.#axis(seen);
    this.series.forEach((one, index) => {
      const paths = this.#paths(seen, now, height, one.of);
      this.lines[index].setAttribute("d", paths.line);
      if (index === 0 && this.area) this.area.setAttribute("d", paths.area);
    });
    this.top.textContent = this.text(top);
    this.bottom.textContent = this.text(bottom);
    this.cursor.setAttribute("visibility", at === null ? "hidden" : "visible");
    if (at !== null) for (const end of ["x1", "x2"]) this.cursor.setAttribute(end, SPAN - (now - at) / 1000);
    this.svg.setAttribute("aria-label", this.#alternative(seen));
  }

  /** The ends of the axis, and how high a value stands, from 0 to 1. */
  #axis(points) {
    let most = 0, fewest = Infinity;
    for (const point of points) {
      for (const one of this.series) {
        const value = one.of(point);
        most = Math.max(most, value ?? 0);
        if (value > 0) fewest = Math.min(fewest, value);
      }
    }
    const decade = (value, round) => 10 ** round(Math.log10(value));
    if (!this.byDecades) {
      const top = Math.max(niceTop(most), this.least);
      return { height: (value) => value / top, top, bottom: 0 };
    }
    const bottom = fewest === Infinity ? this.least / 10 : decade(fewest, Math.floor);
    const top = Math.max(most > 0 ? decade(most, Math.ceil) : this.least, bottom * 10);
    return { height: (value) => Math.log10(Math.max(value, bottom) / bottom) / Math.log10(top / bottom), top, bottom };
  }

  #paths(points, now, height, of) {
    let line = "", area = "", start = null, previous = null;
    const close = () => {
      if (start !== null) area += `L${previous.x} ${HEIGHT}L${start} ${HEIGHT}Z`;
      start = null;
    };
    for (const point of points) {
      const value = of(point);
      if (value === null || value === undefined) {
        // A moment without a value is a break of the line, not a zero.
        close();
        previous = null;
        continue;
      }
      const x = +(SPAN - (now - point.at) / 1000).toFixed(2);
      const y = +(HEIGHT - height(value) * (HEIGHT - 2)).toFixed(2);
      if (previous === null || point.at - previous.at > BREAK) {
        close();
        // A lone point is a short dash.
        line += `M${x - 0.6} ${y}L${x} ${y}`;
        area += `M${x} ${y}`;
        start = x;
      } else {
        line += `L${x} ${y}`;
        area += `L${x} ${y}`;
      }
      previous = { at: point.at, x };
    }
    close();
    return { line, area };
  }

  #alternative(points) {
    const told = this.series.map((one) => {
      const values = points.map(one.of).filter((value) => value !== null && value !== undefined);
      if (!values.length) return `${one.name}: nothing measured`;
      const [now, least, most] = [values.at(-1), Math.min(...values), Math.max(...values)].map(this.text);
      return `${one.name}: now ${now}, least ${least}, most ${most}`;
    });
    return `${this.name}, last five minutes. ${told.join("; ")}.`;
  }
}
