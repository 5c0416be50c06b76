#!/usr/bin/env python3
"""bench.py - measures HTTP forward proxies side by side, in interleaved rounds, with proxybench.

  ./bench.py --quick --extra apus='/path/apus --listen 127.0.0.1:{port}' --peers haproxy   # two proxies, < 60 s
  ./bench.py --peers all --cases core --rounds 3 --out results/full
  ./bench.py --start-only --peers all        # cold start, idle memory, sizes
  ./bench.py --list

Every proxy is started from a configuration written here (logs off, keep-alive on both sides where
the proxy can, no disk). For each round, for each case, for each proxy one short run is made
(A B C A B C ...); proxies that are not being measured are stopped with SIGSTOP. A run on a noisy
machine (other processes, steal) is repeated. Medians over the rounds; ratios are taken inside a
round and then medianed. Standard library only.
"""
import argparse, fcntl, json, os, shutil, socket, statistics, subprocess, sys, tempfile, time

import proxies
from proxies import (FLOOR, HERE, MINI, PEER_GROUPS, PEERS, VENV, WORK, Direct, Extra, Goproxy, Mitmdump, ProxyPy, build_goproxy)

PB = os.path.join(WORK, "proxybench")
NCPU = os.cpu_count() or 1

# ----------------------------------------------------------------------------- cases
CASES = {
    # name: (proxybench arguments, kind)      kind: req | bulk | idle
    "get-0":        ("get --size 0 -c 32", "req"),
    "get-1k":       ("get --size 1024 -c 32", "req"),
    "get-1k-browser": ("get --size 1024 -c 32 --browser", "req"),
    "get-1k-c1":    ("get --size 1024 -c 1", "req"),
    "get-1k-c512":  ("get --size 1024 -c 512", "req"),
    "get-64k":      ("get --size 65536 -c 32", "req"),
    "get-1m":       ("get --size 1048576 -c 16", "req"),
    "get-64k-chunked": ("get --size 65536 -c 32 --origin-chunked", "req"),
    "get-close":    ("get-close --size 1024 -c 32", "req"),
    "get-close-both": ("get-close --size 1024 -c 32 --origin-close", "req"),
    "post-1k":      ("post --size 1024 -c 32", "req"),
    "post-64k":     ("post --size 65536 -c 32", "req"),
    "post-64k-chunked": ("post --size 65536 -c 32 --chunked", "req"),
    "post-1m":      ("post --size 1048576 -c 8", "req"),
    "connect-rate": ("connect-rate -c 32", "req"),
    "tunnel-down":  ("tunnel -c 8", "bulk"),
    "tunnel-up":    ("tunnel -c 8 --up", "bulk"),
    "pingpong":     ("tunnel-pingpong -c 32", "req"),
    "rate-1k":      ("rate --rate 1000 --size 1024 -c 64", "req"),
    "rate-5k":      ("rate --rate 5000 --size 1024 -c 128", "req"),
    "cached-1k":    ("get --size 1024 -c 32 --cacheable --urls 100", "req"),
    "cached-64k":   ("get --size 65536 -c 32 --cacheable --urls 100", "req"),
    "idle-1k":      ("idle -c 1000 --hold 2", "idle"),
    "idle-5k":      ("idle -c 5000 --hold 2", "idle"),
    "idle-9k9":     ("idle -c 9900 --hold 2", "idle"),   # 20000 descriptors is the hard limit here
    "verify-64k":   ("get --size 65536 -c 16 --verify", "req"),
    "verify-chunked": ("get --size 200000 -c 16 --verify --origin-chunked", "req"),
    "verify-post":  ("post --size 200000 -c 16 --verify --chunked", "req"),
    "verify-tunnel": ("tunnel -c 4 --verify", "bulk"),
}
GROUPS = {
    "core": ["get-1k", "get-64k", "get-close", "post-64k", "connect-rate", "tunnel-down", "pingpong"],
    "get": ["get-0", "get-1k", "get-1k-browser", "get-64k", "get-1m"],
    "close": ["get-close", "get-close-both"],
    "post": ["post-1k", "post-64k", "post-64k-chunked", "post-1m"],
    "tunnel": ["connect-rate", "tunnel-down", "tunnel-up", "pingpong"],
    "rate": ["rate-1k", "rate-5k"],
    "cache": ["cached-1k", "cached-64k"],
    "idle": ["idle-1k", "idle-5k", "idle-9k9"],
    "verify": ["verify-64k", "verify-chunked", "verify-post", "verify-tunnel"],
    "quick": ["get-1k", "get-64k", "get-close", "connect-rate", "tunnel-down", "pingpong"],
}
GROUPS["full"] = GROUPS["get"] + GROUPS["close"] + GROUPS["post"] + GROUPS["tunnel"] + GROUPS["rate"]
CONNECT_CASES = {"connect-rate", "tunnel-down", "tunnel-up", "pingpong", "idle-1k", "idle-5k", "idle-9k9", "verify-tunnel"}

# ----------------------------------------------------------------------------- machine
def cpu_sample():
    v = [int(x) for x in open("/proc/stat").readline().split()[1:9]]
    return sum(v) - v[3] - v[4], sum(v), v[7]
def wait_quiet(limit, quiet):
    """waits until other processes use less than `quiet` cores, at most `limit` seconds"""
    end = time.monotonic() + limit
    while True:
        a = cpu_sample(); time.sleep(0.15); b = cpu_sample()
        busy = (b[0] - a[0]) / max(1, b[1] - a[1]) * NCPU
        if busy < quiet or time.monotonic() > end:
            return busy
        time.sleep(0.5)

# ----------------------------------------------------------------------------- one run
def run_case(peer, case, a):
    args, kind = CASES[case]
    cmd = [PB] + args.split() + ["--label", peer.name, "--origin-port", str(proxies.ORIGIN)]
    if kind != "idle":
        cmd += ["-d", str(a.duration), "--warmup", str(a.warmup)]
    if isinstance(peer, Direct):
        cmd += ["--direct"]
    else:
        cmd += ["--proxy", "127.0.0.1:%d" % peer.port, "--pid", str(peer.proc.pid)]
    if a.pin and peer.workers == 1 and NCPU > 1:
        cmd += ["--load-cpu", "1", "--origin-cpu", "1"]
    if a.threads > 1:
        cmd += ["--threads", str(a.threads), "--origin-threads", str(a.threads)]
    try:
        r = subprocess.run(cmd, capture_output=True, text=True, timeout=a.duration + a.warmup + 60)
    except subprocess.TimeoutExpired:
        return {"ok": False, "first_error": "proxybench timed out", "peer": peer.name, "case": case}
    try:
        d = json.loads(r.stdout)
    except ValueError:
        return {"ok": False, "first_error": (r.stderr or r.stdout or "no output").strip()[:300], "peer": peer.name, "case": case}
    return d

def noise(d):
    h = d.get("host")
    if not h:
        return 0
    return max(0, h["other_cores"]) + h["steal_pct"] / 100 * NCPU

def supports(peer, case):
    if isinstance(peer, Direct):
        return True
    if case in CONNECT_CASES:
        return peer.connect
    if case.startswith("cached"):
        return peer.absolute
    return peer.absolute

def port_free(p):
    s = socket.socket()
    s.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
    try:
        s.bind(("127.0.0.1", p))
        return True
    except OSError:
        return False
    finally:
        s.close()
def choose_ports(start, n, taken=()):
    """n free consecutive ports from start"""
    p = start
    while p < 32000:
        if all(port_free(p + i) and p + i not in taken for i in range(n)):
            return p
        p += n
    sys.exit("no free ports")

class MachineLock:
    """one measured run at a time on this machine, also between several bench.py"""
    def __enter__(self):
        self.f = open(os.path.join(tempfile.gettempdir(), "proxybench.lock"), "a")
        fcntl.flock(self.f, fcntl.LOCK_EX)
    def __exit__(self, *x):
        self.f.close()

class OriginHold:
    """an origin for the readiness probes (proxybench brings its own for each run)"""
    def __enter__(self):
        self.p = subprocess.Popen([PB, "origin", "--origin-port", str(proxies.ORIGIN)], stdout=subprocess.PIPE, stderr=subprocess.DEVNULL)
        self.p.stdout.readline()
        return self
    def __exit__(self, *x):
        self.p.kill()
        self.p.wait()

def pins(peer, a):
    return {0} if a.pin and peer.workers == 1 and NCPU > 1 else None

def bring_up(peer, a, log):
    for attempt in range(2):
        with OriginHold():
            peer.start(pin=pins(peer, a))
            t = peer.wait_ready(40)
        if t is not None:
            time.sleep(peer.settle)
            return t
        log(f"  {peer.name}: did not come up (attempt {attempt + 1}), see {peer.dir()}/output.log")
        peer.stop()
    return None

# ----------------------------------------------------------------------------- summary
def med(xs):
    xs = [x for x in xs if x is not None]
    return statistics.median(xs) if xs else None
def fmt(x, n=1):
    if x is None: return "-"
    if x >= 1000 and n <= 1: return f"{x:,.0f}"
    return f"{x:.{n}f}"

def cost(d, kind):
    p = d.get("proxy_cpu", {})
    return p.get("s_per_gb") if kind == "bulk" else p.get("us_per_req")

def summarize(rows, peers, cases, ref):
    out = {}
    for c in cases:
        kind = CASES[c][1]
        for p in peers:
            rs = [r for r in rows if r["peer"] == p and r["case"] == c]
            if not rs:
                continue
            good = [r for r in rs if "proxy_cpu" in r and (r.get("requests", 0) > 0 or r.get("gb", 0) > 0)]
            s = {"runs": len(rs), "ok_runs": sum(1 for r in rs if r.get("ok")), "errors": sum(r.get("error_count", 0) or 0 for r in rs),
                 "first_error": next((r.get("first_error") for r in rs if not r.get("ok") and r.get("first_error")), ""),
                 "noise": med([noise(r) for r in rs])}
            if kind == "idle":
                g = [r for r in rs if "proxy" in r and isinstance(r["proxy"], dict)]
                for k in ("pss_before_kib", "pss_idle_kib", "pss_after_echo_kib", "peak_rss_kib", "kib_per_tunnel", "open_cpu_us", "idle_cpu_pct", "threads"):
                    s[k] = med([r["proxy"][k] for r in g])
                for k in ("opened", "echo_ok", "echo_bad", "opens_per_s", "tcp_mem_kib_delta"):
                    s[k] = med([r[k] for r in g])
                s["errors"] = sum(r["open_failed"] + r["echo_bad"] for r in g)
            else:
                s["cost"] = med([cost(r, kind) for r in good])
                u = "user_s_per_gb" if kind == "bulk" else "user_us_per_req"
                y = "sys_s_per_gb" if kind == "bulk" else "sys_us_per_req"
                s["user"] = med([r["proxy_cpu"].get(u) for r in good])
                s["sys"] = med([r["proxy_cpu"].get(y) for r in good])
                s["cores"] = med([r["proxy_cpu"]["cores"] for r in good])
                s["rps"] = med([r.get("rps") for r in good])
                s["gbit_s"] = med([r.get("gbit_s") for r in good])
                for k in ("p50", "p90", "p99", "p999", "max"):
                    s[k] = med([r["lat_us"][k] for r in good if "lat_us" in r])
                s["peak_rss_kib"] = med([r["proxy_mem"]["peak_rss_kib"] for r in good])
                s["pss_kib"] = med([r["proxy_mem"]["pss_kib"] for r in good])
                s["origin_conns"] = med([r["origin"]["conns"] for r in good])
                s["client_conns"] = med([r["client"]["conns_opened"] for r in good])
                s["loader_cores"] = med([r["loader_cores"] for r in good])
                s["origin_cores"] = med([r["origin_cores"] for r in good])
                s["cost_min"] = min([cost(r, kind) for r in good if cost(r, kind) is not None], default=None)
                s["cost_max"] = max([cost(r, kind) for r in good if cost(r, kind) is not None], default=None)
                if ref:
                    q = []
                    for r in good:
                        o = [x for x in rows if x["peer"] == ref and x["case"] == c and x["round"] == r["round"] and "proxy_cpu" in x]
                        if o and cost(o[0], kind) and cost(r, kind):
                            q.append(cost(r, kind) / cost(o[0], kind))
                    s["ratio"] = med(q)
            out[c, p] = s
    return out

def markdown(summ, peers, cases, ref, title):
    L = [f"# {title}", ""]
    for c in cases:
        kind = CASES[c][1]
        have = [p for p in peers if (c, p) in summ]
        if not have:
            continue
        L += [f"## {c}", "", f"`proxybench {CASES[c][0]}`", ""]
        if kind == "idle":
            L += ["| proxy | opened | echo ok | PSS before MiB | PSS idle MiB | KiB per tunnel | open CPU us | idle CPU % | threads | failures |", "|---|--:|--:|--:|--:|--:|--:|--:|--:|---|"]
            for p in sorted(have, key=lambda p: summ[c, p].get("kib_per_tunnel") if summ[c, p].get("kib_per_tunnel") is not None else 1e9):
                s = summ[c, p]
                if s.get("opened") is None:
                    L.append(f"| {p} | - | - | - | - | - | - | - | - | {s['first_error']} |")
                    continue
                L.append(f"| {p} | {s['opened']:.0f} | {s['echo_ok']:.0f} | {s['pss_before_kib']/1024:.1f} | {s['pss_idle_kib']/1024:.1f} | {s['kib_per_tunnel']:.2f} | {fmt(s['open_cpu_us'])} | {fmt(s['idle_cpu_pct'])} | {fmt(s['threads'],0)} | {s['errors']:.0f} {s['first_error'][:60]} |")
            L.append("")
            continue
        unit = "CPU s/GB" if kind == "bulk" else "CPU us/req"
        thr = "Gbit/s" if kind == "bulk" else "req/s"
        L += [f"| proxy | {unit} | user | sys | min..max | {'x ' + ref if ref else 'x best'} | {thr} | p50 us | p99 us | p99.9 us | cores | peak RSS MiB | origin conns | errors |", "|---|--:|--:|--:|--:|--:|--:|--:|--:|--:|--:|--:|--:|---|"]
        nd = 3 if kind == "bulk" else 1
        best = min([summ[c, p]["cost"] for p in have if p not in ("direct",) and not p.startswith(("floor", "mini")) and p != "nginx-rev" and summ[c, p]["cost"]], default=None)
        for p in sorted(have, key=lambda p: (summ[c, p]["cost"] is None, summ[c, p]["cost"] or 0)):
            s = summ[c, p]
            ratio = s.get("ratio") if ref else (s["cost"] / best if best and s["cost"] else None)
            e = f"{s['errors']}" if s["errors"] else ("" if s["ok_runs"] == s["runs"] else f"{s['runs'] - s['ok_runs']} failed runs")
            if s["first_error"]:
                e += f" {s['first_error'][:70]}"
            t = fmt(s["gbit_s"], 2) if kind == "bulk" else fmt(s["rps"], 0) if s["rps"] is None else f"{s['rps']:,.0f}"
            isd = p == "direct"
            L.append(f"| {p} | {'-' if isd else fmt(s['cost'], nd)} | {'-' if isd else fmt(s['user'], nd)} | {'-' if isd else fmt(s['sys'], nd)} | {'-' if isd else fmt(s['cost_min'], nd) + '..' + fmt(s['cost_max'], nd)} | {'-' if isd else fmt(ratio, 2)} | {t} | {fmt(s['p50'],0)} | {fmt(s['p99'],0)} | {fmt(s['p999'],0)} | {fmt(s['cores'],2)} | {'-' if isd else fmt((s['peak_rss_kib'] or 0)/1024)} | {fmt(s['origin_conns'],0)} | {e} |")
        L.append("")
    return "\n".join(L)

# ----------------------------------------------------------------------------- start-up, size, idle memory
def du_kib(path):
    t = 0
    for r, _, fs in os.walk(path):
        for f in fs:
            try: t += os.lstat(os.path.join(r, f)).st_blocks // 2
            except OSError: pass
    return t
def start_only(peers, a, log):
    res = []
    with OriginHold():
        for rnd in range(a.rounds if a.rounds > 1 else 3):
            for p in peers:
                if isinstance(p, Direct): continue
                wait_quiet(a.quiet_wait, a.quiet)
                p.start(pin=None)
                t = p.wait_ready(40)
                pss = rss = thr = cpu = None
                if t is not None:
                    time.sleep(1.0)
                    pss, rss, thr = p.mem()
                p.stop()
                res.append((p.name, t, pss, rss, thr))
                log(f"  {p.name}: {t and round(t * 1000, 1)} ms, PSS {pss} KiB, threads {thr}")
    L = ["# Cold start, idle memory, size", "", "| proxy | version | cold start ms (spawn to first proxied 200) | idle PSS MiB | idle RSS MiB | threads | binary KiB | package installed KiB | note |", "|---|---|--:|--:|--:|--:|--:|--:|---|"]
    J = []
    for p in peers:
        if isinstance(p, Direct): continue
        rs = [r for r in res if r[0] == p.name]
        t, pss, rss, thr = (med([r[i] for r in rs]) for i in (1, 2, 3, 4))
        b = p.binary and shutil.which(p.binary)
        bs = os.stat(os.path.realpath(b)).st_size // 1024 if b else None
        pk = None
        if p.package and not isinstance(p, Goproxy):
            o = subprocess.run(["dpkg-query", "-W", "-f", "${Installed-Size}", p.package], capture_output=True, text=True)
            pk = int(o.stdout) if o.returncode == 0 and o.stdout.strip().isdigit() else None
        if isinstance(p, (ProxyPy, Mitmdump)):
            pk = du_kib(VENV)
        J.append({"peer": p.name, "version": p.version(), "start_ms": t and t * 1000, "pss_kib": pss, "rss_kib": rss, "threads": thr, "binary_kib": bs, "package_kib": pk})
        L.append(f"| {p.name} | {p.version()} | {fmt(t and t * 1000)} | {fmt(pss and pss / 1024)} | {fmt(rss and rss / 1024)} | {fmt(thr, 0)} | {fmt(bs, 0)} | {fmt(pk, 0)} | {p.note} |")
    return "\n".join(L) + "\n", J

# ----------------------------------------------------------------------------- main
def main():
    ap = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    ap.add_argument("--peers", default="", help="comma list of peers or groups (" + ", ".join(PEER_GROUPS) + ")")
    ap.add_argument("--cases", default="core", help="comma list of cases or groups (" + ", ".join(GROUPS) + ")")
    ap.add_argument("--extra", action="append", default=[], help="name=COMMAND ({port} {workers} {dir} are replaced)")
    ap.add_argument("--port", action="append", default=[], type=int, help="port of the nth --extra (default: chosen)")
    ap.add_argument("--no-connect", action="append", default=[], help="name of an extra which cannot CONNECT")
    ap.add_argument("--no-absolute", action="append", default=[], help="name of an extra which only does CONNECT")
    ap.add_argument("--workers", type=int, default=1, help="1: proxy pinned to CPU 0, load and origin to CPU 1; 2 or more: nothing pinned")
    ap.add_argument("--rounds", type=int, default=3)
    ap.add_argument("--duration", type=float, default=2.5)
    ap.add_argument("--warmup", type=float, default=0.5)
    ap.add_argument("--origin-port", type=int, default=21500, help="first of the origin's four ports (the next free ones are taken)")
    ap.add_argument("--threads", type=int, default=1, help="load generator and origin threads")
    ap.add_argument("--no-pin", dest="pin", action="store_false")
    ap.add_argument("--quick", action="store_true", help="6 cases, 3 rounds of 0.9 s; two proxies take under 60 s")
    ap.add_argument("--ref", default="", help="the proxy against which ratios are taken (default: first --extra, else the best)")
    ap.add_argument("--quiet", type=float, default=0.3, help="wait while others use more cores than this")
    ap.add_argument("--quiet-wait", type=float, default=15)
    ap.add_argument("--max-noise", type=float, default=0.25, help="repeat a run if others and steal took more cores than this")
    ap.add_argument("--retries", type=int, default=2)
    ap.add_argument("--start-only", action="store_true")
    ap.add_argument("--out", default="")
    ap.add_argument("--list", action="store_true")
    a = ap.parse_args()
    if a.list:
        for n in PEERS: print(n, "-", PEERS[n](a.workers).note)
        for c in CASES: print(c, "-", CASES[c][0])
        return
    if a.quick:
        a.cases = "quick" if a.cases == "core" else a.cases
        a.duration, a.warmup, a.retries, a.quiet_wait = 0.9, 0.3, 1, 2
    names = []
    for n in [x for x in a.peers.split(",") if x]:
        for m in PEER_GROUPS.get(n, [n]):
            if m not in names: names.append(m)
    cases = []
    for c in [x for x in a.cases.split(",") if x]:
        for d in GROUPS.get(c, [c]):
            if d not in CASES: sys.exit(f"unknown case {d}")
            if d not in cases: cases.append(d)
    log = lambda *x: print(*x, file=sys.stderr, flush=True)
    os.makedirs(WORK, mode=0o755, exist_ok=True)
    for src, dst, flags in (("proxybench.c", PB, []), ("floor.c", FLOOR, ["-lpthread"]), ("mini.c", MINI, ["-lpthread"])):
        s = os.path.join(HERE, src)
        if os.path.exists(s) and (not os.path.exists(dst) or os.path.getmtime(dst) < os.path.getmtime(s)):
            subprocess.run([os.environ.get("CC") or shutil.which("cc") or "clang", "-O2", "-o", dst, s] + flags, check=True)
    if any(n.startswith("goproxy") for n in names):
        build_goproxy()
    proxies.ORIGIN = choose_ports(a.origin_port, 4)
    peers, port, slot = [], 22000, os.getpid() % 50 * 64   # different bench.py start in different places
    port += slot
    def free_port():
        nonlocal port
        port = choose_ports(port + 1, 1, a.port)
        return port
    for i, e in enumerate(a.extra):
        n, c = e.split("=", 1)
        pt = a.port[i] if i < len(a.port) else free_port()
        peers.append(Extra(n, c, pt, a.workers, n not in a.no_connect, n not in a.no_absolute))
    for n in names:
        if n not in PEERS: sys.exit(f"unknown peer {n}")
        p = PEERS[n](a.workers)
        p.port = free_port()
        if not p.available():
            log(f"{n}: not installed, left out")
            continue
        peers.append(p)
    if not peers: sys.exit("no proxies: use --peers and/or --extra")
    ref = a.ref or (a.extra[0].split("=", 1)[0] if a.extra else "")
    out = a.out or os.path.join(WORK, "results", time.strftime("%Y%m%d-%H%M%S"))
    os.makedirs(os.path.dirname(os.path.abspath(out)), exist_ok=True)
    if a.start_only:
        md, j = start_only(peers, a, log)
        open(out + ".md", "w").write(md)
        json.dump(j, open(out + ".json", "w"), indent=1)
        print(md)
        return
    rows, t0 = [], time.time()
    idle_cases = [c for c in cases if CASES[c][1] == "idle"]
    run_cases = [c for c in cases if CASES[c][1] != "idle"]
    broken = {}
    def one(p, c, rnd):
        best = None
        for k in range(a.retries + 1):
            with MachineLock():
                wait_quiet(a.quiet_wait, a.quiet)
                p.resume()
                d = run_case(p, c, a)
            if not p.alive():
                log(f"  {p.name} died in {c}")
                d["ok"], d["first_error"] = False, "the proxy died: " + d.get("first_error", "")
            if not isinstance(p, Direct) and p.alive(): p.pause()
            if best is None or noise(d) < noise(best): best = d
            if noise(d) <= a.max_noise or not p.alive(): break
        best.update(peer=p.name, case=c, round=rnd, workers=p.workers, tries=k + 1)
        rows.append(best)
        kind = CASES[c][1]
        if kind == "idle":
            x = best.get("proxy", {})
            log(f"  r{rnd} {c:16} {p.name:14} {x.get('kib_per_tunnel')} KiB/tunnel opened {best.get('opened')} echo ok {best.get('echo_ok')} {best.get('first_error', '')[:80]}")
        else:
            x = cost(best, kind)
            log(f"  r{rnd} {c:16} {p.name:14} {fmt(x, 3 if kind == 'bulk' else 1):>8} {'s/GB' if kind == 'bulk' else 'us/req'} {best.get('rps') or best.get('gbit_s')} noise {noise(best):.2f} tries {k + 1} {'' if best.get('ok') else 'NOT OK ' + str(best.get('errors')) + ' ' + str(best.get('first_error'))[:90]}")
        return best
    try:
        for rnd in range(1, a.rounds + 1):
            if run_cases:
                for p in peers:
                    if broken.get(p.name): continue
                    if bring_up(p, a, log) is None:
                        broken[p.name] = "did not start"
                        continue
                    if not isinstance(p, Direct): p.pause()
                for c in run_cases:
                    for p in peers:
                        if broken.get(p.name) or not supports(p, c): continue
                        if not p.alive():
                            if bring_up(p, a, log) is None: continue
                        one(p, c, rnd)
                for p in peers: p.stop()
            for c in idle_cases:
                for p in peers:
                    if isinstance(p, Direct) or broken.get(p.name) or not supports(p, c): continue
                    if bring_up(p, a, log) is None: continue   # a fresh process for each
                    time.sleep(0.5)
                    one(p, c, rnd)
                    p.stop()
    except KeyboardInterrupt:
        log("interrupted: writing what there is")
    finally:
        for p in peers:
            try: p.stop()
            except Exception as e: log(p.name, e)
    pn = [p.name for p in peers]
    summ = summarize(rows, pn, cases, ref)
    title = f"proxybench, {a.workers} worker(s){', pinned' if a.pin and a.workers == 1 else ''}, {a.rounds} rounds of {a.duration} s, {time.strftime('%Y-%m-%d %H:%M')}"
    md = markdown(summ, pn, cases, ref, title)
    md += "\n## Proxies\n\n" + "\n".join(f"- {p.name} {p.version()}: {p.note}" for p in peers) + f"\n\nWall time {time.time() - t0:.0f} s. Failed to start: {broken or 'none'}.\n"
    open(out + ".md", "w").write(md)
    json.dump({"args": vars(a), "rows": rows, "summary": [dict(case=c, peer=p, **s) for (c, p), s in summ.items()]}, open(out + ".json", "w"), indent=1)
    print(md)
    log(f"wrote {out}.md and {out}.json")

if __name__ == "__main__":
    main()
