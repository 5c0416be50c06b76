#!/usr/bin/env python3
"""An admin listener that only plays: the interface of ShowDesign.md over traffic that is made up, to work on the page with.

    scripts/support/mock_admin.py [--port 9128] [--rate 20]     serves until it is interrupted
"""

import argparse
import collections
import http.server
import json
import pathlib
import random
import socket
import threading
import time
import urllib.parse

PAGE = pathlib.Path(__file__).resolve().parents[2] / "Sources" / "ApusAdmin" / "Page"
POLICY = "default-src 'none'; script-src 'self'; style-src 'self'; connect-src 'self'; img-src 'self' data:; base-uri 'none'; form-action 'none'; frame-ancestors 'none'"
TYPES = {".html": "text/html; charset=utf-8", ".css": "text/css; charset=utf-8", ".js": "text/javascript; charset=utf-8", ".svg": "image/svg+xml"}
SHOWN = 200
HOSTS = ["deb.mirrors.example", "packages.example.org", "registry.npm.example", "api.payments.example", "static.cdn.example",
         "git.internal.example", "a-rather-long-name-of-a-host.with.many.labels.objects.storage.example"]
PATHS = ["/", "/debian/dists/bookworm/InRelease", "/v2/library/alpine/manifests/3.20", "/simple/requests/", "/assets/app.4f2a.js?v=12",
         "/search?q=" + "tabular+figures+" * 6, "/healthz"]
USERS = ["anna", "ci", "bo", None, None]
RULES = [("ads", '{ name: ads, deny: { to: "list:ads" } }', "deny"),
         ("social", '{ name: social, deny: { to: "*.social.example" } }', "deny"),
         ("local", "{ name: local, allow: { to: 127.0.0.1 } }", "allow"),
         ("mirrors", '{ name: mirrors, allow: { to: ["*.mirrors.example", packages.example.org], ports: [80, 443] } }', "allow"),
         ("team", '{ name: team, allow: { user: [anna, bo, ci], to: "*" } }', "allow"),
         ("trial", '{ name: trial, mode: report, deny: { method: POST } }', "deny"),
         ("rule 7", "limit: { user: ci, requests: 50/s, by: user }", "limit"), ("rule 8", "deny: all", "deny")]
LISTS = {"clients": "client", "users": "user", "hosts": "host", "rules": "rule"}
SPANS = {"1m": 60, "5m": 300, "1h": 3600, "start": 1e9}


def iso(at, digits=6):
    whole = time.strftime("%Y-%m-%dT%H:%M:%S", time.gmtime(at))
    return f"{whole}.{int(at % 1 * 10 ** digits):0{digits}d}Z"


def quantiles(values):
    if not values:
        return {"p50_us": None, "p90_us": None, "p99_us": None, "count": 0}
    values = sorted(values)
    return {f"p{part}_us": values[min(len(values) - 1, len(values) * part // 100)] for part in (50, 90, 99)} | {"count": len(values)}


class MockAdmin:
    """The state, and the server over it. `rate` requests a second are made up; records can be put in by `record`."""

    def __init__(self, port=0, rate=0, listener="127.0.0.1:3128"):
        self.rate, self.listener, self.port = rate, listener, port
        # Whether the interface is refused, as for want of a token.
        self.shut = False
        self.lock = threading.Condition()
        self.random = random.Random(4)
        self.reset()
        self.start()

    def reset(self):
        """As after a start: nothing has happened."""
        self.started = time.time()
        self.records = collections.deque(maxlen=2000)
        # When each record was put in.
        self.ended = {}
        self.heads, self.tunnels, self.history = {}, {}, collections.deque(maxlen=300)
        self.counts = collections.Counter()
        self.reload = {"succeeded_total": 0, "failed_total": 0, "at": None, "succeeded": True, "fault": None}
        self.since, self.report_only, self.warnings, self.lost = None, False, [], 0
        self.second, self.top_hosts, self.top_users, self.matches = [], collections.Counter(), collections.Counter(), collections.Counter()
        self.events, self.moved = collections.deque(maxlen=400), 0
        self.number = 0

    # Being there, and not

    def start(self):
        self.server = Server(("127.0.0.1", self.port), Handler)
        self.port = self.server.server_address[1]
        self.server.mock, self.server.peers, self.running = self, set(), True
        self.url = f"http://127.0.0.1:{self.port}"
        self.threads = [threading.Thread(target=act, daemon=True) for act in (self.server.serve_forever, self._tick, self._make)]
        for thread in self.threads:
            thread.start()

    def stop(self):
        """Ends the listener and all streams; what was recorded stays."""
        with self.lock:
            self.running = False
            self.lock.notify_all()
        self.server.shutdown()
        self.server.server_close()
        for peer in list(self.server.peers):
            try:
                peer.shutdown(socket.SHUT_RDWR)
            except OSError:
                pass
        for thread in self.threads:
            thread.join(5)

    # What happens

    def record(self, fields=(), response=(), body=None, asked=None, **members):
        """Puts in a record; `fields` are those of the request's head, `body` and `asked` the contents of both messages as they are recorded."""
        with self.lock:
            now = time.time()
            known = dict(time=iso(now - members.get("total_us", 1500) / 1e6), id=f"{self.random.getrandbits(64):016x}", kind="request", client="127.0.0.1",
                         client_port=self.random.randrange(32768, 60000), listener=self.listener, method="GET", scheme="http",
                         host="example.org", port=80, path="/", http_version="HTTP/1.1", status=200, bytes_from_client=120,
                         bytes_to_client=5120, bytes_from_upstream=5100, bytes_to_upstream=180, decide_us=12, connect_us=220,
                         first_byte_us=900, total_us=1500, upstream="93.184.216.34:80", reused=False, rule="mirrors", ending="--")
            known.update(members)
            known = {name: value for name, value in known.items() if value is not None}
            self.records.append(known)
            self.ended[known["id"]] = now
            target = f"{known['scheme']}://{known['host']}{known['path']}" if known["kind"] == "request" else f"{known['host']}:{known['port']}"
            self.heads[known["id"]] = (
                {"line": f"{known['method']} {target} HTTP/1.1", "fields": [["Host", known["host"]], ["User-Agent", "curl/7.88.1"], ["Accept", "*/*"], *fields], "body": asked},
                {"line": f"HTTP/1.1 {known['status']}", "fields": list(response) or [["Content-Type", "text/html"], ["Content-Length", str(known["bytes_to_client"])]], "body": body})
            if len(self.heads) > 4000:
                self.heads = {one["id"]: self.heads[one["id"]] for one in self.records}
            self._count(known)
            self.events.append(known)
            self.moved += 1
            self.lock.notify_all()
            return known

    def refuse(self, host="www.social.example", rule=None, **members):
        reason = f"The rule {rule} of this proxy's policy denies this." if rule else "No rule of this proxy's policy allows this."
        return self.record(**{**dict(host=host, status=403, rule=rule, ending="PD", ended_by="proxy", ended_in="decide", ended_how="refused",
                                     proxy_status="http_request_denied", fault="rule", reason=reason, connect_us=None, first_byte_us=None,
                                     upstream=None, reused=None, bytes_from_upstream=0, bytes_to_upstream=0, bytes_to_client=812, total_us=90), **members})

    def _count(self, record):
        self.counts["requests"] += 1
        asked = record["status"] == 407
        self.counts["asked"] += asked
        self.counts["refused"] += record.get("ended_how") == "refused" and not asked
        self.counts["errors"] += record["status"] >= 500 or record.get("ended_how") in ("unreachable", "reset")
        self.counts["from"] += record["bytes_from_client"]
        self.counts["to"] += record["bytes_to_client"]
        self.second.append(record)
        self.top_hosts[record["host"]] += 1
        if record.get("user"):
            self.top_users[record["user"]] += 1
        self.matches[record.get("rule", "rule 8" if record.get("ended_how") == "refused" else "mirrors")] += 1

    def open(self, host="git.internal.example", port=443, phase="tunnel", **members):
        """Opens a tunnel; answers the client's end of it."""
        client, own = socket.socketpair()
        with self.lock:
            number = f"{self.random.getrandbits(64):016x}"
            self.tunnels[number] = {"own": own, "since": time.time() - members.pop("age", 0), "entry": dict(
                id=number, kind="tunnel" if phase == "tunnel" else "request", client="127.0.0.1", client_port=40000 + len(self.tunnels), user="anna", method="CONNECT", host=host, port=port,
                path="", phase=phase, upstream="192.0.2.9:443", bytes_from_client=0, bytes_to_client=0, rule="team") | members}
        return client

    def end(self, number):
        with self.lock:
            tunnel = self.tunnels.pop(number, None)
        if not tunnel:
            return False
        tunnel["own"].close()
        entry = tunnel["entry"]
        self.record(kind="tunnel", scheme=None, path=None if not entry["path"] else entry["path"], method="CONNECT", host=entry["host"], port=entry["port"], user=entry["user"],
                    rule="team", total_us=int((time.time() - tunnel["since"]) * 1e6), bytes_to_client=entry["bytes_to_client"],
                    ending="PT", ended_by="proxy", ended_in="relay", ended_how="stopped")
        return True

    def _make(self):
        """The made-up traffic."""
        while self.running:
            rate = self.rate
            time.sleep(1 / 20)
            for _ in range(max(1, round(rate / 20)) if rate and self.random.random() < max(0.05, min(1, rate / 20)) else 0):
                self.one()

    def one(self):
        """One made-up request."""
        dice, pick = self.random.random(), self.random.choice
        connect, first = self.random.randrange(150, 900), int(self.random.lognormvariate(8, 1))
        body = int(self.random.lognormvariate(8.5, 2))
        common = dict(user=pick(USERS), client=pick(["127.0.0.1", "192.168.1.7", "2001:db8::a:12"]))
        if dice < 0.06:
            return self.refuse(pick(["www.social.example", "tracker.ads.example"]), rule=pick(["ads", None]), **common)
        if dice < 0.08:
            return self.record(**common, host=pick(HOSTS), path=pick(PATHS), status=502, rule="mirrors", ending="UC", ended_by="upstream", ended_in="reach",
                               ended_how="unreachable", proxy_status="connection_refused", fault="connection_refused", reason="The origin refused the connection.",
                               first_byte_us=None, total_us=connect + 400, bytes_to_client=700)
        reused = dice > 0.6
        if dice > 0.9:
            return self.record(**common, kind="tunnel", scheme=None, path=None, method="CONNECT", host=pick(HOSTS), port=443, rule="team", bytes_to_client=body * 20,
                               bytes_from_client=body, connect_us=connect, first_byte_us=None, look_up_us=640, total_us=first * 900)
        return self.record(**common, host=pick(HOSTS), path=pick(PATHS), method=pick(["GET", "GET", "GET", "HEAD", "POST"]), status=pick([200, 200, 200, 200, 304, 301, 404]),
                           bytes_to_client=body, rule=pick(["mirrors", "team"]), reused=reused, connect_us=None if reused else connect,
                           look_up_us=None if reused else self.random.randrange(300, 4000), first_byte_us=first, total_us=first + connect + 5000)

    # What is told

    def _tick(self):
        while self.running:
            time.sleep(1 - time.time() % 1)
            with self.lock:
                for number, tunnel in list(self.tunnels.items()):
                    if self._has_left(tunnel["own"]):
                        self.end(number)
                        continue
                    entry = tunnel["entry"]
                    if entry["phase"] in ("tunnel", "relaying"):
                        entry["bytes_from_client"] += self.random.randrange(200, 4000)
                        entry["bytes_to_client"] += self.random.randrange(2000, 900000)
                        self.counts["to"] += 200000
                self.history.append(self._traffic())
                self.second = []
                self.lock.notify_all()

    @staticmethod
    def _has_left(own):
        try:
            return own.recv(1 << 16, socket.MSG_DONTWAIT) == b""
        except BlockingIOError:
            return False
        except OSError:
            return True

    def _traffic(self):
        last = self.history[-1] if self.history else collections.defaultdict(int)
        now, seen = time.time(), self.second
        statuses = collections.Counter(f"{one['status'] // 100}xx" if one["status"] else "none" for one in seen)
        counts = {"requests": "requests", "refused": "refused", "asked": "asked", "errors": "errors", "from": "bytes_from_clients", "to": "bytes_to_clients"}
        told = {"time": iso(now, 3), "uptime_seconds": now - self.started, "interval_seconds": 1.0, "draining": False}
        for name, label in counts.items():
            told[f"{label}_total"] = self.counts[name]
            told[f"{label}_per_second"] = float(self.counts[name] - last[f"{label}_total"])
        told["served_total"] = self.counts["requests"] - self.counts["refused"] - self.counts["asked"] - self.counts["errors"]
        told["served_per_second"] = float(max(0, told["served_total"] - last["served_total"]))
        minute = [one for one in self.records if self.ended[one["id"]] > now - 60 and one.get("ended_how") != "refused"]
        open_tunnels = sum(tunnel["entry"]["phase"] == "tunnel" for tunnel in self.tunnels.values())
        told.update(clients_open=len(self.tunnels) + min(12, len(seen)), upstreams_open=len(self.tunnels) + min(9, len(seen)), tunnels_open=open_tunnels,
                    requests_open=len(self.tunnels) - open_tunnels, statuses={name: float(statuses[name]) for name in ("2xx", "3xx", "4xx", "5xx", "none")},
                    latency={"seconds": 60.0} | {name: quantiles([one[f"{name}_us"] for one in minute if one.get(f"{name}_us") is not None])
                                                 for name in ("total", "decide", "look_up", "connect", "first_byte")},
                    would_deny_total=0, log_lines_dropped_total=self.lost)
        return told

    def health(self):
        return {"state": "serving", "draining_since": None, "settings_since": self.since, "report_only": self.report_only, "reload": self.reload,
                "caps": {"clients": {"used": 12, "most": 1000}, "tunnels": {"used": len(self.tunnels), "most": 500}, "descriptors": {"used": 40, "most": 1024}},
                "warnings": self.warnings}

    def ranking(self, name, window, by, limit=50):
        """As `/api/top` has it, out of what is recorded."""
        now, member = time.time(), LISTS[name]
        sums, total = {}, collections.Counter()
        for one in self.records:
            if self.ended[one["id"]] < now - SPANS[window]:
                continue
            key = one.get(member) or ("rule 8" if member == "rule" else None)
            count = {"requests": 1, "refused": int(one.get("ended_how") == "refused" and one["status"] != 407), "bytes": one["bytes_from_client"] + one["bytes_to_client"]}
            if key:
                sums.setdefault(key, collections.Counter()).update(count)
                total.update(count)
        rows = sorted(((key, count) for key, count in sums.items() if count[by]), key=lambda pair: -pair[1][by])[:limit]
        return {"list": name, "window": window, "by": by, "seconds": int(min(SPANS[window], now - self.started) + 1), "keys": len(sums),
                "total": {part: total[part] for part in ("requests", "refused", "bytes")},
                "rows": [{"name": key, **{part: count[part] for part in ("requests", "refused", "bytes")}, "missing_requests": 0, "missing_refused": 0, "missing_bytes": 0}
                         for key, count in rows]}

    def top(self):
        return {name: [{part: row[part] for part in ("name", "requests", "refused", "bytes")} for row in self.ranking(name, "5m", "requests", 10)["rows"]] for name in LISTS}

    def policy(self):
        rules, now = [], iso(time.time())
        for index, (name, text, action) in enumerate(RULES):
            matches, line = self.matches[name], 4 + 2 * index
            counts = {"decided": matches if action != "limit" else 0, "refused": matches if action == "deny" and name != "trial" else 0, "limited": 3 if action == "limit" else 0,
                      "would_refuse": matches if name == "trial" else 0, "bytes": matches * 51200, "last": now if matches else None}
            rules.append({"index": index + 1, "name": name, "text": text, "place": f"/etc/apus/apus.yaml:{line}:5", "line": line, "action": action,
                          "report_only": name == "trial", "matches": matches, "limit": "requests 50/s, by user" if action == "limit" else None, "counts": counts,
                          "used": {"keys": 3, "bound": "volume", "used": 4_100_000_000, "most": 20_000_000_000, "by": "ci"} if action == "limit" else None})
        none = {"decided": 0, "refused": 0, "limited": 0, "would_refuse": 0, "bytes": 0, "last": None}
        return {"report_only": self.report_only, "no_rule": none, "rules": rules,
                "lists": [{"name": "ads", "entries": 81234, "hits": self.matches["ads"], "file": "/etc/apus/lists/hosts.txt", "read": iso(self.started), "refresh_seconds": 3600, "skipped_lines": 3}]}

    def explain(self, query):
        host = urllib.parse.urlsplit(query["url"]).hostname or query["url"]
        denied = host.endswith(".example") and "social" in host
        rules = [{"rule": name, "at": f"/etc/apus/apus.yaml:{4 + 2 * index}:5", "action": action,
                  **({"finding": "matched"} if denied and name == "social" or not denied and name == "team" else {"finding": "passed_over", "part": "to", "had": host, "wanted": ["*.mirrors.example"]})}
                 for index, (name, _, action) in enumerate(RULES[:5])]
        return {"method": query.get("method", "GET"), "host": host, "port": 80, "client": query.get("from", "127.0.0.1"), "time": 0, "rules": rules,
                "decision": {"outcome": "deny" if denied else "allow", "rule": "social" if denied else "team"}, "addresses": [], "limits": [],
                "status": 403 if denied else None, "answer": "A rule of this proxy does not allow it." if denied else "The request is served."}

    def status(self):
        return {"version": "0.1.0", "started": iso(self.started, 0).replace(".0Z", "Z"), "listeners": [self.listener], "admin": f"127.0.0.1:{self.port}", "threads": 2,
                "draining": False, "closes": True, "rules": len(RULES), "policy": "/etc/apus/apus.yaml", "recorder": {"capacity": 2000, "bodies": 0}}

    def opened(self):
        now = time.time()
        found = [tunnel["entry"] | {"started": iso(tunnel["since"]), "age_seconds": now - tunnel["since"]}
                 for tunnel in sorted(self.tunnels.values(), key=lambda tunnel: tunnel["since"])]
        return {"total": len(found), "shown": min(len(found), SHOWN), "open": found[:SHOWN]}

    def transaction(self, number):
        record = next((one for one in self.records if one["id"] == number), None)
        if not record:
            return None
        request, response = self.heads.get(number, (None, None))
        refused = record.get("ended_how") == "refused"
        rule, rules, decided = record.get("rule"), [], False
        for name, _, action in RULES:
            step = {"rule": name, "at": f"/etc/apus/apus.yaml:{4 + 2 * len(rules)}:5", "action": action}
            if decided:
                step["finding"] = "not_reached"
            elif name == rule:
                step["finding"], decided = "matched", True
            else:
                step.update(finding="passed_over", part="to", had=record["host"], wanted=[f"*.{name}.example"] if action == "deny" else ["*.mirrors.example", "packages.example.org"])
            rules.append(step)
        explanation = {"method": record["method"], "host": record["host"], "port": record["port"], "client": record["client"], "time": 1795450992, "rules": rules,
                       "decision": {"outcome": "deny" if refused else "allow", "rule": rule}, "addresses": [] if refused else [{"address": "93.184.216.34", "allowed": True}],
                       "limits": [], "status": 403 if refused else None, "answer": record.get("reason", "The request is served.")}
        known = {"record": record, "request": request, "response": response, "explanation": explanation}
        return known | ({"suggestion": f"- allow: {{ to: {record['host']}, ports: [{record['port']}] }}"} if refused else {})


class Server(http.server.ThreadingHTTPServer):
    daemon_threads = True
    allow_reuse_address = True

    def handle_error(self, *_):
        """A page that goes away is no news."""


class Handler(http.server.BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"

    def log_message(self, *_):
        pass

    def setup(self):
        super().setup()
        self.mock = self.server.mock
        self.server.peers.add(self.connection)

    def finish(self):
        self.server.peers.discard(self.connection)
        super().finish()

    def do_GET(self):
        url = urllib.parse.urlsplit(self.path)
        query = dict(urllib.parse.parse_qsl(url.query))
        mock, path = self.mock, url.path
        if path == "/" or path.startswith("/assets/"):
            return self.file("index.html" if path == "/" else path.rsplit("/", 1)[1])
        if mock.shut:
            return self.answer(401, {"error": "This page needs a token.", "hint": "Give it."})
        if path == "/api/events":
            return self.events()
        with mock.lock:
            if path == "/api/status":
                answer = mock.status()
            elif path == "/api/requests":
                found = [one for one in reversed(mock.records) if not query.get("refused") or one["status"] != 407 and one.get("ended_how") in ("refused", "limit")]
                answer = {"requests": found[:int(query.get("limit", 100))]}
            elif path.startswith("/api/requests/"):
                answer = mock.transaction(path.rsplit("/", 1)[1])
            elif path == "/api/open":
                answer = mock.opened()
            elif path == "/api/policy":
                answer = mock.policy()
            elif path == "/api/top":
                answer = mock.ranking(query["list"], query["window"], query["by"], int(query.get("limit", 50)))
            elif path == "/api/history":
                answer = {"step_seconds": 10, "points": list(mock.history)[::10]}
            elif path == "/api/explain":
                answer = mock.explain(query)
            elif path == "/api/recording.har":
                answer = {"log": {"version": "1.2", "creator": {"name": "apus", "version": "0.1.0"}, "entries": []}}
            else:
                answer = None
        if answer is None:
            return self.answer(404, {"error": "There is nothing by this name.", "hint": "It may no longer be recorded."})
        return self.answer(200, answer)

    def do_DELETE(self):
        number = self.path.rsplit("/", 1)[1]
        if self.mock.end(number):
            return self.answer(204, None)
        return self.answer(404, {"error": "It is not open.", "hint": "It may have ended by itself."})

    def answer(self, status, value):
        body = b"" if value is None else json.dumps(value).encode()
        self.send_response(status)
        if status != 204:
            self.send_header("Content-Type", "application/json")
            self.send_header("Content-Length", str(len(body)))
        self.send_header("Cache-Control", "no-store")
        self.end_headers()
        self.wfile.write(body)

    def file(self, name):
        place = PAGE / name
        if not place.is_file():
            return self.answer(404, {"error": "There is no such file.", "hint": ""})
        body = place.read_bytes()
        self.send_response(200)
        for field, value in {"Content-Type": TYPES[place.suffix], "Content-Length": str(len(body)), "Content-Security-Policy": POLICY,
                             "X-Content-Type-Options": "nosniff", "Referrer-Policy": "no-referrer", "Cache-Control": "no-cache"}.items():
            self.send_header(field, value)
        self.end_headers()
        return self.wfile.write(body)

    def events(self):
        """The stream; it ends when the mock does."""
        mock = self.mock
        self.send_response(200)
        self.send_header("Content-Type", "text/event-stream")
        self.send_header("Cache-Control", "no-store")
        self.end_headers()
        self.close_connection = True

        def send(name, value):
            self.wfile.write(f"event: {name}\ndata: {json.dumps(value)}\n\n".encode())
            self.wfile.flush()

        with mock.lock:
            send("hello", mock.status() | {"history": list(mock.history)})
            seen, second, had_open = mock.moved, mock.history[-1]["time"] if mock.history else None, False
        sent = time.monotonic()
        while mock.running:
            with mock.lock:
                mock.lock.wait(0.1)
                fresh, traffic, opened = [], None, None
                if mock.moved > seen and time.monotonic() - sent > 0.2:
                    total = mock.moved - seen
                    fresh = list(mock.events)[-min(total, SHOWN):]
                    seen, sent = mock.moved, time.monotonic()
                if mock.history and mock.history[-1]["time"] != second:
                    traffic = mock.history[-1] | {"top": mock.top(), "health": mock.health()}
                    second = traffic["time"]
                    opened = mock.opened() if mock.tunnels or had_open else None
                    had_open = bool(mock.tunnels)
            if fresh:
                send("requests", {"total": total, "shown": len(fresh), "requests": fresh})
            if traffic:
                send("traffic", traffic)
            if opened:
                send("open", opened)


def main():
    parser = argparse.ArgumentParser(description="Plays the admin listener over traffic that is made up.")
    parser.add_argument("--port", type=int, default=9128)
    parser.add_argument("--rate", type=float, default=20, help="requests a second")
    arguments = parser.parse_args()
    mock = MockAdmin(arguments.port, arguments.rate)
    kept = [mock.open(host, age=age) for host, age in [("git.internal.example", 4000), ("registry.npm.example", 75), ("api.payments.example", 3)]]
    print(f"the page is at {mock.url}/, with {len(kept)} tunnels", flush=True)
    try:
        threading.Event().wait()
    except KeyboardInterrupt:
        mock.stop()


if __name__ == "__main__":
    main()
