// One request beside the list: what became of it, its phases, its decision, its heads.

import { phasesOf, transaction } from "./api.js";
import { proxyAddress } from "./overview.js";
import { age, authority, byId, bytes, clockMillis, copyButton, count, element, micros, placeOf, shellWord } from "./text.js";

const FINDINGS = {
  matched: "matches, and decides", recorded: "matches, and only reports", applies: "applies",
  depends_on_user: "depends on the user, and no credentials were shown", depends_on_addresses: "depends on the addresses of the name",
  not_reached: "not reached",
  does_not_count: "does not count: the request is not served",
};

/** The panel. It shows the record at once, and the rest when the recorder has answered. */
export class Detail {
  constructor(house) {
    this.house = house;
    this.node = byId("detail");
    this.row = null;
    this.list = null;
  }

  get isOpen() {
    return !this.node.hidden;
  }

  /** Shows a row of a list; with `focus`, or where the panel covers the list, it is entered. */
  async show(row, list, focus) {
    this.list = list;
    list.mark(row.id);
    if (this.row?.id !== row.id) {
      this.row = row;
      this.asked?.abort();
      this.asked = new AbortController();
      this.#fill(row, null, null);
      this.node.hidden = false;
      document.body.classList.add("has-detail");
      this.node.scrollTop = 0;
    }
    if (focus || getComputedStyle(this.node).position === "fixed") byId("detail-title").focus({ preventScroll: true });
    const { signal } = this.asked;
    try {
      const found = await transaction(row.id, signal);
      if (!signal.aborted) this.#fill(row, found, null);
    } catch (error) {
      if (signal.aborted) return;
      const isGone = error.status === 404;
      this.#fill(row, null, isGone ? "Its heads and its decision are no longer recorded; this is its line of the log." : error.message);
    }
  }

  close() {
    if (!this.isOpen) return;
    this.asked?.abort();
    this.node.hidden = true;
    this.row = null;
    document.body.classList.remove("has-detail");
    this.list.mark(null);
    this.list.focus();
  }

  #fill(row, found, fault) {
    const had = this.node.contains(document.activeElement) ? document.activeElement.id || "detail-title" : null;
    const record = found?.record ?? row.record;
    const parts = [this.#head(row), this.#outcome(row, record)];
    if (fault) parts.push(element("p", { class: "remark-line", role: "status" }, fault));
    if (found?.suggestion) parts.push(this.#suggestion(found.suggestion));
    parts.push(this.#copies(row, record, found));
    if (found) parts.push(head("Request", found.request), head("Response", found.response));
    else if (!fault) parts.push(element("p", { class: "none" }, "Asking the recorder …"));
    parts.push(waterfall(record));
    if (found?.explanation) parts.push(explanation(found.explanation));
    else if (found && row.refused) parts.push(element("p", { class: "remark-line" }, "No rule of the policy decided this: what refused it stands above."));
    parts.push(facts(record));
    this.node.replaceChildren(...parts);
    if (had) byId(had)?.focus({ preventScroll: true });
  }

  #head(row) {
    const title = `${row.method || "A request"} ${row.kind === "request" && row.scheme ? `${row.scheme}://` : ""}${authority(row.host, row.port, row.scheme)}${row.path}`;
    const button = element("button", { type: "button", id: "detail-close", "aria-label": "Close the detail", title: "Close (Esc)" }, "✕");
    button.addEventListener("click", () => this.close());
    return element("div", { class: "detail-head" }, element("h2", { id: "detail-title", tabindex: "-1" }, title), button);
  }

  #outcome(row, record) {
    const status = element("span", { class: `pill s${Math.floor(row.status / 100)} ${row.outcome}` }, row.status ? String(row.status) : "closed without an answer");
    const words = [row.would ? `${row.would} would refuse it` : null, row.refused ? "refused" : row.asked ? "asked for credentials" : record.ended_how ? ending(record) : record.kind === "tunnel" ? "tunnel, ended well" : "complete",
      record.reason].filter(Boolean).join(": ");
    return element("p", { class: "outcome" }, status, element("span", {}, words));
  }

  #copies(row, record, found) {
    const tell = (told) => this.house.tell(told, true);
    return element("p", { class: "copies" }, copyButton("Copy as curl", curl(row, found?.request, this.house.status), tell),
      copyButton("Copy URL", `${row.kind === "tunnel" ? "https" : row.scheme ?? "http"}://${authority(row.host, row.port, row.kind === "tunnel" ? "" : row.scheme)}${row.path}`, tell),
      copyButton("Copy as JSON", () => JSON.stringify(record), tell));
  }

  #suggestion(text) {
    return element("section", { class: "suggestion" },
      element("h3", {}, "What rule would allow this", copyButton("Copy", text, (told) => this.house.tell(told, true))),
      element("pre", { tabindex: "0", "aria-label": "The rule" }, text),
      element("p", { class: "none" }, "The least that allows just this. The first rule that matches decides: put it in front of any that denies it."));
  }
}

// What curl says by itself, and what is a secret, is left out.
const OWN_FIELDS = ["host", "proxy-connection", "connection", "content-length", "transfer-encoding", "proxy-authorization"];

/** The request as curl sends it by way of this proxy. */
export function curl(row, request, status) {
  const words = ["curl", "-x", `http://${proxyAddress(status)}`];
  if (row.user) words.push("-U", row.user);
  if (row.kind === "tunnel") return [...words, `https://${authority(row.host, row.port === 443 ? 0 : row.port)}/`].map(shellWord).join(" ");
  if (row.method === "HEAD") words.push("-I");
  else if (row.method && row.method !== "GET") words.push("-X", row.method);
  for (const [name, value] of request?.fields ?? []) {
    if (!OWN_FIELDS.includes(name.toLowerCase()) && !value.endsWith("(redacted)")) words.push("-H", `${name}: ${value}`);
  }
  if (request?.body?.text && !request.body.truncated) words.push("--data-raw", request.body.text);
  return [...words, `${row.scheme ?? "http"}://${authority(row.host, row.port, row.scheme ?? "http")}${row.path}`].map(shellWord).join(" ");
}

const ending = (record) => `${record.ended_how} by ${record.ended_by}, ${stage(record.ended_in)} (${record.ending})`;
const stage = (name) => ({ listen: "before a request", read: "while the request was read", decide: "while rules were asked",
  look_up: "during the look-up", reach: "while connecting", relay: "during the transfer", record: "at the end" })[name] ?? name;

// The phases follow each other and do not overlap, so each begins where the one before ended.
function waterfall(record) {
  const phases = phasesOf(record), total = Math.max(record.total_us ?? 0, 1);
  const isSent = record.first_byte_us !== undefined || record.kind !== "request";
  let from = 0;
  const rows = phases.map((phase) => {
    // What was not reached has no transfer.
    const title = phase.name !== "Transfer" ? phase.name : isSent ? (record.kind === "request" ? "Transfer" : "Bytes both ways") : "Answer";
    const bar = element("span", { class: `bar-${phase.name.toLowerCase()}` });
    bar.style.left = `${Math.min(99.6, (from / total) * 100)}%`;
    bar.style.width = `${Math.max(0.4, ((phase.us ?? 0) / total) * 100)}%`;
    from += phase.us ?? 0;
    const share = phase.us === null ? "not reached, or not needed" : `${micros(phase.us)}, ${Math.round((phase.us / total) * 100)} %`;
    return element("tr", { class: phase.us === null ? "absent" : "" }, element("th", { scope: "row" }, title),
      element("td", { class: "track", "aria-hidden": "true" }, phase.us === null ? null : element("span", { class: "rail" }, bar)),
      element("td", { class: "number", title: share }, phase.us === null ? "–" : micros(phase.us)));
  });
  const foot = element("tr", { class: "sum" }, element("th", { scope: "row" }, "In all"), element("td", { class: "track", "aria-hidden": "true" }),
    element("td", { class: "number" }, micros(record.total_us)));
  return element("section", {}, element("h3", {}, "Phases"), element("table", { class: "waterfall" }, element("tbody", {}, ...rows, foot)));
}

/** The rules one by one, and why. */
export function explanation(report, title = "Decision") {
  const outcome = { allow: "Allowed", deny: "Denied", authenticate: "Asked for credentials", look_up: "Depends on the addresses" }[report.decision?.outcome];
  const by = report.decision?.rule ? ` by ${report.decision.rule}` : report.decision?.outcome === "deny" ? ": no rule matches" : "";
  const steps = folded(report.rules ?? []);
  const addresses = (report.addresses ?? []).map((address) => element("li", {}, element("code", {}, address.address),
    address.dialled ? " may be dialled" : address.allowed ? " not dialled: another decision was taken for the first" : ` refused: ${(address.refusal ?? "").replaceAll("_", " ")}`));
  return element("section", {}, element("h3", {}, title),
    element("p", { class: "answer" }, element("b", {}, `${outcome ?? "Decided"}${by}.`), " ", report.answer ?? ""),
    steps.length ? element("ol", { class: "findings" }, ...steps) : element("p", { class: "none" }, "There are no rules."),
    addresses.length ? element("ul", { class: "addresses" }, ...addresses) : null,
    report.limits?.length ? element("p", {}, `Limits that apply: ${report.limits.filter(Boolean).join(", ")}.`) : null,
    report.would_deny ? element("p", {}, `${report.would_deny} would refuse it, and only reports.`) : null);
}

// A policy may have hundreds of rules: what says little is folded where much of it follows each other.
const FOLDED = { not_reached: [2, "were not reached"], passed_over: [3, "were passed over"] };

function folded(steps) {
  const made = [];
  for (let from = 0, to = 0; from < steps.length; from = to) {
    while (to < steps.length && steps[to].finding === steps[from].finding) to += 1;
    const run = steps.slice(from, to).map(stepItem);
    const [most, words] = FOLDED[steps[from].finding] ?? [Infinity, ""];
    if (run.length < most) made.push(...run);
    else made.push(element("li", {}, element("details", {}, element("summary", {}, `${count(run.length)} rules ${words}`), element("ol", {}, ...run))));
  }
  return made;
}

function stepItem(step) {
  return element("li", { class: `finding ${step.finding} ${step.action}` },
    element("span", { class: "finding-rule" }, element("b", {}, step.rule), " ", element("span", { class: "act" }, step.action + (step.report_only ? ", report only" : "")),
      element("span", { class: "at", title: step.at }, placeOf(step.at))),
    element("span", { class: "finding-word" }, finding(step)));
}

function finding(step) {
  if (step.finding !== "passed_over") return FINDINGS[step.finding] ?? step.finding;
  if (step.part === "not") return `passed over: ${step.had} is an exception`;
  const wanted = (step.wanted ?? []).join(", ");
  return `passed over: ${step.part === "user" && step.had === "nobody" ? "no user" : `${step.part} is ${step.had}`}, not ${wanted}`;
}

function facts(record) {
  const hosts = [
    ["Began", `${clockMillis(Date.parse(record.time))} (${record.time})`], ["Decision id", record.id], ["Kind", record.kind],
    ["Client", record.client && `${authority(record.client, record.client_port)} on ${record.listener ?? "–"}`], ["User", record.user], ["Claims to be", record.claimed_user], ["Groups", record.groups],
    ["Protocol", record.http_version ?? record.protocol], ["Rule", record.rule], ["Would refuse", record.would_deny], ["Name in TLS", record.server_name],
    ["Name not judged", record.unjudged?.replaceAll("_", " ")],
    ["Upstream", record.upstream && record.upstream + (record.reused ? ", connection reused" : "")],
    ["Client sent", sent(record.bytes_from_client, record.bytes_to_upstream)], ["Client got", sent(record.bytes_to_client, record.bytes_from_upstream)],
    ["Lasted", record.total_us > 6e7 ? age(record.total_us / 1e6) : null],
    ["Ended", record.ended_how && ending(record)], ["Proxy-Status", record.proxy_status], ["Fault", record.fault], ["Reason", record.reason],
  ];
  return element("section", {}, element("h3", {}, "Record"),
    element("dl", { class: "facts-list" }, ...hosts.filter(([, text]) => text).map(([name, text]) =>
      element("div", {}, element("dt", {}, name), element("dd", {}, String(text))))));
}

const sent = (client, upstream) => client === undefined ? null
  : `${bytes(client)}${client >= 1000 ? ` (${count(client)})` : ""}${upstream ? `; with the upstream ${bytes(upstream)}` : ""}`;

function head(name, message) {
  const title = element("h3", {}, name);
  if (!message) return element("section", {}, title, element("p", { class: "none" }, `No head of a ${name.toLowerCase()} is recorded.`));
  const rows = (message.fields ?? []).map(([field, value]) => element("tr", {}, element("th", { scope: "row" }, field),
    element("td", { class: value.endsWith("(redacted)") ? "redacted" : "" }, value)));
  return element("section", {}, title, element("p", { class: "start-line" }, message.line),
    element("table", { class: "fields" }, element("tbody", {}, ...rows)), message.body ? body(message.body) : null);
}

function body(content) {
  const isText = content.text !== undefined, cut = content.truncated ? ", cut short here" : "";
  // Of what was overwritten only the length is known.
  const isGone = content.truncated && (content.text ?? content.base64 ?? "") === "";
  if (isGone) return element("p", { class: "none" }, `${bytes(content.bytes)} of body, no longer recorded.`);
  if (!isText) return element("p", { class: "none" }, `Body: binary, ${count(content.bytes)} bytes${cut}.`);
  return element("details", { open: "" }, element("summary", {}, `${bytes(content.bytes)} of body${cut}`),
    element("pre", { tabindex: "0", "aria-label": "Body" }, content.text));
}
