// All that the page knows of the admin listener's interface: addresses, members, the stream. Nobody else fetches.

/** Where the recorder's HAR is. */
export const RECORDING = "/api/recording.har";
/** How many rows the page keeps. */
export const KEPT = 1000;

// Traffic comes each second: so long without a word, and the stream counts as dropped although the socket is open.
const SILENCE = 6000;
const FIRST_WAIT = 500, LONGEST_WAIT = 10000;

/** A row of the lists, out of a record of the JSON access log. Times are milliseconds since 1970. */
export function rowOf(record) {
  const at = Date.parse(record.time) || 0;
  const no = record.ended_how === "refused" || record.ended_how === "limit", asked = no && record.status === 407, refused = no && !asked;
  const failed = !no && isFailed(record);
  const row = {
    id: record.id, at, ended: at + (record.total_us ?? 0) / 1000, kind: record.kind,
    method: record.method ?? "", scheme: record.scheme, host: record.host ?? "", port: record.port, path: record.path ?? "",
    status: record.status ?? 0, user: record.user ?? "", rule: record.rule ?? "", client: record.client ?? "",
    up: record.bytes_from_client ?? 0, down: record.bytes_to_client ?? 0, total: record.total_us,
    ending: record.ending ?? "--", reason: record.reason ?? "", fault: record.fault ?? "",
    refused, failed, asked, would: record.would_deny ?? "", outcome: refused ? "refused" : asked ? "asked" : failed ? "failed" : "served",
    record, note: null,
  };
  row.words = [row.method, row.host, row.path, row.user, row.client, row.rule, row.reason, row.fault, row.status, row.id,
    record.server_name ?? "", record.would_deny ?? ""].join("\n").toLowerCase();
  return row;
}

// A client that leaves, what was stopped on purpose, and a tunnel that was idle for too long are no failures.
function isFailed(record) {
  if (record.status >= 500) return true;
  if (record.ended_how === "timeout" && record.ended_by === "proxy" && !record.fault) return false;
  return Boolean(record.ended_how) && record.ended_by !== "client" && record.ended_how !== "stopped";
}

/** The phases of a record in their order: name, microseconds (null: not reached or not needed). The rest is the transfer. */
export function phasesOf(record) {
  const named = [["Rules", record.decide_us], ["DNS", record.look_up_us], ["Connect", record.connect_us],
    ["Wait", record.first_byte_us]].map(([name, us]) => ({ name, us: us ?? null }));
  const known = named.reduce((sum, phase) => sum + (phase.us ?? 0), 0);
  return [...named, { name: "Transfer", us: Math.max(0, (record.total_us ?? 0) - known) }];
}

/** One point of the charts, out of `traffic`. */
export function pointOf(traffic) {
  const latency = traffic.latency?.total ?? {};
  return {
    at: Date.parse(traffic.time), requests: traffic.requests_per_second, served: traffic.served_per_second, asked: traffic.asked_per_second, refused: traffic.refused_per_second,
    errors: traffic.errors_per_second, fromClients: traffic.bytes_from_clients_per_second,
    toClients: traffic.bytes_to_clients_per_second, clients: traffic.clients_open, upstreams: traffic.upstreams_open,
    tunnels: traffic.tunnels_open, running: traffic.requests_open,
    p50: latency.p50_us ?? null, p90: latency.p90_us ?? null, p99: latency.p99_us ?? null,
  };
}

/** Figures of the newest `traffic` beside its point. */
export function figuresOf(traffic) {
  const { latency = {}, top, statuses = {} } = traffic;
  const phases = [["Rules", latency.decide], ["DNS", latency.look_up], ["Connect", latency.connect],
    ["Wait", latency.first_byte], ["In all", latency.total]];
  return {
    requests: traffic.requests_total, refused: traffic.refused_total, asked: traffic.asked_total ?? 0, would: traffic.would_deny_total ?? 0, errors: traffic.errors_total,
    fromClients: traffic.bytes_from_clients_total, toClients: traffic.bytes_to_clients_total,
    uptime: traffic.uptime_seconds, draining: traffic.draining, linesDropped: traffic.log_lines_dropped_total ?? 0,
    statuses: ["2xx", "3xx", "4xx", "5xx", "none"].map((name) => ({ name, rate: statuses[name] ?? 0 })),
    phases: phases.map(([name, value]) => ({ name, p50: value?.p50_us ?? null, p90: value?.p90_us ?? null, p99: value?.p99_us ?? null, count: value?.count ?? 0 })),
    measured: latency.total?.count ?? 0, span: latency.seconds ?? 0, health: traffic.health ?? null,
    clients: top?.clients ?? null, hosts: top?.hosts ?? null, users: top?.users ?? null, rules: top?.rules ?? null,
  };
}

/** One open request or tunnel. */
export function openOf(entry) {
  return {
    id: entry.id, kind: entry.kind, age: entry.age_seconds ?? 0, client: entry.client ?? "", user: entry.user ?? "",
    method: entry.method ?? "", host: entry.host ?? "", port: entry.port, path: entry.path ?? "", phase: entry.phase ?? "",
    upstream: entry.upstream ?? "", up: entry.bytes_from_client ?? 0, down: entry.bytes_to_client ?? 0, rule: entry.rule ?? "",
  };
}

/** What an answer that is no success says, as one sentence. */
export class Fault extends Error {
  constructor(status, sentence) {
    super(sentence);
    this.status = status;
  }
}

async function ask(address, options = {}) {
  let answer;
  try {
    answer = await fetch(address, { cache: "no-store", ...options });
  } catch (error) {
    if (error.name === "AbortError") throw error;
    throw new Fault(0, "Apus does not answer.");
  }
  if (answer.ok) return answer.status === 204 ? null : answer.json();
  const told = await answer.json().catch(() => ({}));
  throw new Fault(answer.status, [told.error ?? `Apus answered ${answer.status}.`, told.hint].filter(Boolean).join(" "));
}

/** What the recorder still has, oldest first. */
export async function recent({ limit = KEPT, refused = false } = {}) {
  const answer = await ask(`/api/requests?limit=${limit}${refused ? "&refused=1" : ""}`);
  const rows = answer.requests.map(rowOf).reverse();
  return refused ? rows.filter((row) => row.refused) : rows;
}

/** One transaction; a `Fault` with status 404 when it is no longer recorded. */
export const transaction = (id, signal) => ask(`/api/requests/${encodeURIComponent(id)}`, { signal });

/** What is open, and how much there is of it. */
export async function opened() {
  const answer = await ask("/api/open");
  return { entries: answer.open.map(openOf), total: answer.total ?? answer.open.length };
}

/** The rules and lists, with their counts. */
export const policy = () => ask("/api/policy");

/** The first of a list: `{ seconds, keys, total, rows }`. */
export const ranking = (list, window, by, limit = 200) => ask(`/api/top?${new URLSearchParams({ list, window, by, limit })}`);

/** The points of the last hour, by ten seconds. */
export async function lastHour() {
  const { points } = await ask("/api/history?span=1h");
  return points.map(pointOf);
}

/** What would become of a request, as `apus explain --json` has it; `options` are its options without dashes. */
export const explain = (url, options) => ask(`/api/explain?${new URLSearchParams({ url, ...options })}`);

/** Closes an open request or tunnel; a `Fault` with status 404 when it was gone already. */
export const close = (id) => ask(`/api/open/${encodeURIComponent(id)}`, { method: "DELETE" });

/**
 * The server-sent events, with a reconnection of its own: the browser's gives up on an answer that is no stream, and does
 * not notice silence. Calls `on.hello(status, history)`, `on.traffic(traffic)`, `on.requests(rows, total)`,
 * `on.open(entries, total)`, and `on.state(state)` with "connecting", "live" or "dropped".
 */
export class Stream {
  constructor(on) {
    this.on = on;
    this.state = "connecting";
    this.lastWord = Date.now();
    this.nextTry = 0;
    this.wait = FIRST_WAIT;
    /** Why there is no stream, if Apus has said so. */
    this.reason = "";
    setInterval(() => this.watch(), 1000);
    addEventListener("online", () => this.retry());
  }

  start() {
    clearTimeout(this.timer);
    this.source?.close();
    this.nextTry = 0;
    this.opened = Date.now();
    const source = (this.source = new EventSource("/api/events"));
    const take = (name, act) => source.addEventListener(name, (event) => {
      // The browser has an event `open` of its own, which bears no data.
      if (source !== this.source || event.data === undefined) return;
      this.lastWord = Date.now();
      act(JSON.parse(event.data));
    });
    take("hello", (data) => {
      this.wait = FIRST_WAIT;
      this.reason = "";
      this.enter("live");
      this.on.hello(data, data.history ?? []);
    });
    take("traffic", (data) => this.on.traffic(data));
    take("requests", (data) => this.on.requests(data.requests.map(rowOf), data.total ?? data.requests.length));
    take("open", (data) => this.on.open(data.open.map(openOf), data.total ?? data.open.length));
    source.addEventListener("error", () => {
      if (source !== this.source) return;
      // An answer that is no stream has closed it, and may say why, as for want of a token.
      const isRefused = source.readyState === EventSource.CLOSED;
      this.drop();
      if (isRefused) this.#learn();
    });
  }

  async #learn() {
    try {
      await ask("/api/status");
      this.reason = "";
    } catch (error) {
      this.reason = error.status ? error.message : "";
    }
    if (this.state === "dropped") this.enter("dropped");
  }

  /** Tries at once. */
  retry() {
    if (this.state === "live") return;
    this.wait = FIRST_WAIT;
    this.start();
  }

  drop() {
    this.source?.close();
    this.source = null;
    // Some scatter, so that ten pages do not come back in the same moment.
    const wait = this.wait * (0.8 + Math.random() * 0.4);
    this.wait = Math.min(this.wait * 2, LONGEST_WAIT);
    this.nextTry = Date.now() + wait;
    this.enter("dropped");
    this.timer = setTimeout(() => this.start(), wait);
  }

  watch() {
    if (this.source && Date.now() - Math.max(this.lastWord, this.opened) > SILENCE) this.drop();
  }

  enter(state) {
    this.state = state;
    this.on.state(state);
  }
}
