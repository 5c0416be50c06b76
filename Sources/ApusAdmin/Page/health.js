// The line that says how it is, in words; what a person has to act on stands out.

import { reasonOf } from "./refusals.js";
import { byId, clock, count, element, percent, rate, say } from "./text.js";

const NEAR = 0.8;
const CAPS = { clients: "connections of clients", tunnels: "tunnels", descriptors: "open files" };

/** What is to be said: `words` in order, and `news`, each `{ look, text, more }`. */
export function healthOf(figures, point, dropped, mostly) {
  const { health } = figures;
  const state = health?.state ?? (figures.draining ? "draining" : "serving");
  const words = [{ serving: "Serving.", draining: `Draining${health?.draining_since ? ` since ${clock(Date.parse(health.draining_since))}` : ""}: no new connections, what is open comes to its end.`,
    starting: "Starting: nobody is served yet." }[state]];
  const news = [];
  if (point) {
    const parts = [`${rate(point.requests)} ${point.requests === 1 ? "request" : "requests"}/s`];
    if (point.requests > 0) parts.push(`${percent(point.errors, point.requests)} failed`);
    if (point.refused > 0) parts.push(`${rate(point.refused)} refused/s${mostly ? ` (mostly: ${mostly})` : ""}`);
    if (point.asked > 0) parts.push(`${rate(point.asked)} asked for credentials/s`);
    words.push(`${parts.join(", ")}.`);
  }
  if (!health) return { state, words, news };
  const since = health.settings_since ? clock(Date.parse(health.settings_since)) : "the start";
  words.push(`Settings in force: those of ${since}.`);
  const { reload } = health;
  if (reload && !reload.succeeded) {
    const lines = (reload.fault ?? "").split("\n").filter(Boolean);
    news.push({ look: "bad", text: `The reload ${reload.at ? `of ${clock(Date.parse(reload.at))} ` : ""}failed, and the settings of ${since} stay in force: ${lines[0] ?? "the log says why."}`, more: lines.slice(1) });
  }
  if (health.report_only) news.push({ look: "warn", text: `Report mode: rules refuse nothing, and record what they would; ${count(figures.would)} so far.` });
  for (const warning of health.warnings ?? []) news.push({ look: "warn", text: warning });
  if (dropped) news.push({ look: "bad", text: `The access log drops lines: ${count(dropped)} in the last minute, ${count(figures.linesDropped)} since the start.` });
  for (const [name, cap] of Object.entries(health.caps ?? {})) {
    if (cap.most && cap.used > cap.most * NEAR) news.push({ look: cap.used >= cap.most ? "bad" : "warn", text: `${count(cap.used)} of at most ${count(cap.most)} ${CAPS[name]}.` });
  }
  return { state, words, news };
}

/** The line below the head of the page. */
export class Health {
  #dropped = [];
  #told = "";

  constructor(house) {
    this.house = house;
  }

  // Why most of what was refused in the last minute was.
  #mostly(now) {
    const counts = new Map();
    let all = 0;
    for (const row of this.house.refusals.rows.slice(-200)) {
      if (row.note !== null || row.ended < now - 60000) continue;
      all += 1;
      counts.set(reasonOf(row), (counts.get(reasonOf(row)) ?? 0) + 1);
    }
    const [reason, most] = [...counts].sort((one, other) => other[1] - one[1])[0] ?? ["", 0];
    return all > 1 && most * 2 > all ? `${reason} ${percent(most, all)}` : "";
  }

  show(figures, point) {
    const now = point?.at ?? 0;
    this.#dropped = [...this.#dropped.filter((one) => now - one.at < 60000 && one.lines <= figures.linesDropped), { at: now, lines: figures.linesDropped }];
    const { state, words, news } = healthOf(figures, point, figures.linesDropped - this.#dropped[0].lines, this.#mostly(now));
    const line = byId("state-words");
    say(line, words.join(" "));
    byId("state").className = `state ${state} ${news.some((one) => one.look === "bad") ? "bad" : news.length ? "warn" : ""}`;
    const told = JSON.stringify(news);
    if (told === this.#told) return;
    this.#told = told;
    byId("news").replaceChildren(...news.map((one) => element("li", { class: one.look }, one.text,
      one.more?.length ? element("details", {}, element("summary", {}, `${count(one.more.length)} more ${one.more.length === 1 ? "line" : "lines"}`),
        element("pre", { tabindex: "0", "aria-label": "More of it" }, one.more.join("\n"))) : null)));
    byId("news").hidden = !news.length;
  }
}
