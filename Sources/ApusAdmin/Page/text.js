// Numbers and times as text, and elements that hold them. What comes from a peer is put in as text, never as HTML.

const whole = new Intl.NumberFormat("en", { maximumFractionDigits: 0 });
const clockFormat = new Intl.DateTimeFormat("en-GB", { hour: "2-digit", minute: "2-digit", second: "2-digit" });

/** An element with attributes (`class`, `role`, …; a function is a listener) and children: nodes, or text. */
export function element(name, attributes = {}, ...children) {
  const made = document.createElement(name);
  for (const [key, value] of Object.entries(attributes)) {
    if (typeof value === "function") made.addEventListener(key, value);
    else if (value !== null && value !== undefined && value !== false) made.setAttribute(key, value === true ? "" : value);
  }
  made.append(...children.filter((child) => child !== null && child !== undefined));
  return made;
}

/** Sets the text if it is another one: a text node that stays costs no layout. */
export function say(node, text) {
  const value = String(text);
  if (node.textContent !== value) node.textContent = value;
}

/** The element with this id. */
export const byId = (id) => document.getElementById(id);

/** 1234567 as 1,234,567. */
export const count = (number) => whole.format(number ?? 0);

/** A rate: at most one decimal, and that below ten. */
export function rate(number) {
  if (number === null || number === undefined) return "–";
  return number > 0 && number < 9.95 && !Number.isInteger(number) ? number.toFixed(1) : whole.format(number);
}

/** Bytes by powers of 1,000, in three digits: 999 B, 14.0 kB, 140 kB. */
export function bytes(number) {
  if (number === null || number === undefined) return "–";
  let value = number, unit = 0;
  const units = ["B", "kB", "MB", "GB", "TB", "PB"];
  while (value >= 999.5 && unit < units.length - 1) {
    value /= 1000;
    unit += 1;
  }
  return `${unit === 0 ? Math.round(value) : value < 9.995 ? value.toFixed(2) : value < 99.95 ? value.toFixed(1) : Math.round(value)} ${units[unit]}`;
}

/** Microseconds: 900 µs, 2.1 ms, 123 ms, 1.23 s, 2 min 5 s. */
export function micros(number) {
  if (number === null || number === undefined) return "–";
  if (number < 1000) return number < 0.5 ? "< 1 µs" : `${Math.round(number)} µs`;
  const ms = number / 1000;
  if (ms < 9.95) return `${ms.toFixed(1)} ms`;
  if (ms < 999.5) return `${Math.round(ms)} ms`;
  const seconds = ms / 1000;
  return seconds < 59.95 ? `${seconds.toFixed(seconds < 9.995 ? 2 : 1)} s` : age(seconds);
}

/** Seconds in at most two units: 3 s, 4 min 10 s, 2 h 5 min, 3 d 4 h. */
export function age(seconds) {
  const s = Math.max(0, Math.floor(seconds));
  const steps = [[86400, "d", 3600, "h"], [3600, "h", 60, "min"], [60, "min", 1, "s"]];
  for (const [big, bigName, small, smallName] of steps) {
    if (s >= big) {
      const rest = Math.floor((s % big) / small);
      return `${Math.floor(s / big)} ${bigName}${rest ? ` ${rest} ${smallName}` : ""}`;
    }
  }
  return `${s} s`;
}

/** The local time of day of milliseconds since 1970: 14:03:05. */
export const clock = (at) => clockFormat.format(at);

/** The same with milliseconds. */
export const clockMillis = (at) => `${clockFormat.format(at)}.${String(Math.floor(at) % 1000).padStart(3, "0")}`;

/** `host:port`; an IPv6 address gets its brackets, the usual port of a scheme is left out. */
export function authority(host, port, scheme) {
  if (!host) return "";
  const name = host.includes(":") ? `[${host}]` : host;
  return !port || (scheme === "http" && port === 80) ? name : `${name}:${port}`;
}

/** Where a rule stands, `apus.yaml:3:5`: the folder is said elsewhere. */
export const placeOf = (text) => (text ?? "").slice((text ?? "").lastIndexOf("/") + 1);

/** How long ago, in one unit: now, 3 s ago, 5 min ago. */
export function ago(at, now) {
  const seconds = Math.max(0, (now - at) / 1000);
  return seconds < 1.5 ? "now" : `${age(seconds < 60 ? seconds : seconds < 3600 ? Math.floor(seconds / 60) * 60 : Math.floor(seconds / 3600) * 3600)} ago`;
}

/** A share in per cent, with one decimal below ten. */
export const percent = (part, whole) => (part > 0 && part / whole < 0.0005 ? "< 0.1 %" : whole > 0 ? `${(100 * part / whole).toFixed(part > 0 && part / whole < 0.0995 ? 1 : 0)} %` : "0 %");

/** A word for a shell, in single quotes where it needs them. */
export const shellWord = (text) => (/^[\w@%+=:,./-]+$/.test(text) ? text : `'${text.replaceAll("'", "'\\''")}'`);

/** Offers a text as a file. */
export function download(name, type, text) {
  const url = URL.createObjectURL(new Blob([text], { type }));
  const link = element("a", { href: url, download: name });
  document.body.append(link);
  link.click();
  link.remove();
  setTimeout(() => URL.revokeObjectURL(url), 1000);
}

/** A button that puts text on the clipboard and says whether it could. */
export function copyButton(name, text, tell) {
  const button = element("button", { type: "button", class: "small" }, name);
  button.addEventListener("click", async () => {
    const done = await copy(typeof text === "function" ? text() : text);
    button.textContent = done ? "Copied" : "Could not copy";
    tell?.(done ? "Copied." : "The text could not be copied.");
    setTimeout(() => (button.textContent = name), 1600);
  });
  return button;
}

async function copy(text) {
  try {
    await navigator.clipboard.writeText(text);
    return true;
  } catch {
    // Plain http on an address that is not loopback has no clipboard: the old way by a selection.
    const area = element("textarea", { class: "unseen", "aria-hidden": "true" });
    area.value = text;
    document.body.append(area);
    area.select();
    const done = document.execCommand("copy");
    area.remove();
    return done;
  }
}
