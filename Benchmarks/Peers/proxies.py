"""The proxies that the bench and the scoreboard know: how each is configured, started, found out to serve, and ended.

A peer is started from a configuration written here: logs off, keep-alive on both sides where the proxy can, no disk.
"""
import os
import re
import shutil
import signal
import socket
import subprocess
import tempfile
import time

HERE = os.path.dirname(os.path.abspath(__file__))                       # the sources
WORK = os.environ.get("PROXYBENCH_WORK") or os.path.join(tempfile.gettempdir(), "proxybench")   # what is built and written
FLOOR = os.path.join(WORK, "floor")
MINI = os.path.join(WORK, "mini")
GOPROXY = os.path.join(WORK, "goproxy")
VENV = os.path.join(WORK, "venv")                                       # proxy.py and mitmproxy, if you want them
RUN = os.path.join(WORK, "run")
ORIGIN = 21500          # the origin of the probes and of what is fixed in a configuration; whoever starts one elsewhere sets it


def put(path, text):
    os.makedirs(os.path.dirname(path), exist_ok=True)
    with open(path, "w") as f:
        f.write(text)
    return path

class Peer:
    connect = True      # can CONNECT
    absolute = True     # forwards absolute-form requests
    cache = False
    package = None
    binary = None
    note = ""
    def __init__(self, name, workers=1):
        self.name, self.workers, self.proc = name, workers, None
    def dir(self):
        d = os.path.join(RUN, self.name)
        os.makedirs(d, exist_ok=True)
        return d
    def version(self):
        return ""
    def available(self):
        return bool(self.binary and shutil.which(self.binary))
    # -- life
    def start(self, pin=None, quiet=True):
        self.cleanup()
        argv, env = self.command()
        e = dict(os.environ)
        for k in ("http_proxy", "https_proxy", "HTTP_PROXY", "HTTPS_PROXY", "all_proxy", "ALL_PROXY"):
            e.pop(k, None)
        e.update(env or {})
        log = open(os.path.join(self.dir(), "output.log"), "ab")
        def pre():
            if pin is not None:
                os.sched_setaffinity(0, pin)
            os.setpgid(0, 0)
        self.t_spawn = time.monotonic()
        self.proc = subprocess.Popen(argv, stdout=log, stderr=log, stdin=subprocess.DEVNULL, env=e, preexec_fn=pre, cwd=self.dir())
        log.close()
    def cleanup(self):
        pass
    def wait_ready(self, timeout=30):
        """until one proxied GET (or CONNECT) works; seconds since spawn, or None"""
        end = time.monotonic() + timeout
        while time.monotonic() < end:
            if self.proc.poll() is not None:
                return None
            if self.probe():
                return time.monotonic() - self.t_spawn
            time.sleep(0.001)
        return None
    def probe(self):
        try:
            s = socket.create_connection(("127.0.0.1", self.port), 0.5)
        except OSError:
            return False
        try:
            s.settimeout(3)
            if self.absolute:
                s.sendall(b"GET http://127.0.0.1:%d/b/16 HTTP/1.1\r\nHost: 127.0.0.1:%d\r\nConnection: close\r\n\r\n" % (ORIGIN, ORIGIN))
            else:
                s.sendall(b"CONNECT 127.0.0.1:%d HTTP/1.1\r\nHost: 127.0.0.1:%d\r\n\r\n" % (ORIGIN + 1, ORIGIN + 1))
            b = b""
            while b"\r\n\r\n" not in b:
                x = s.recv(65536)
                if not x:
                    break
                b += x
            return b" 200 " in b.split(b"\r\n")[0] + b" "
        except OSError:
            return False
        finally:
            s.close()
    def tree(self):
        kids = {}
        for d in os.listdir("/proc"):
            if d.isdigit():
                try:
                    st = open("/proc/%s/stat" % d).read()
                except OSError:
                    continue
                kids.setdefault(int(st[st.rindex(")") + 2:].split()[1]), []).append(int(d))
        out, todo = [], [self.proc.pid]
        while todo:
            p = todo.pop()
            out.append(p)
            todo += kids.get(p, [])
        return out
    def signal_tree(self, sig):
        for p in self.tree():
            try:
                os.kill(p, sig)
            except OSError:
                pass
    settle = 0
    def pause(self): self.signal_tree(signal.SIGSTOP)
    def resume(self): self.signal_tree(signal.SIGCONT)
    def alive(self): return self.proc is not None and self.proc.poll() is None
    def stop(self):
        if not self.proc:
            return
        self.resume()
        pids = self.tree()
        if self.alive():
            self.proc.terminate()
            try:
                self.proc.wait(4)
            except subprocess.TimeoutExpired:
                pass
        for p in pids:
            try:
                # only what was our child's tree a moment ago and still is in our process group
                if os.getpgid(p) == self.proc.pid or p == self.proc.pid:
                    os.kill(p, signal.SIGKILL)
            except OSError:
                pass
        self.proc.wait()
        self.proc = None
        time.sleep(0.05)
    def mem(self):
        pss = rss = thr = 0
        for p in self.tree():
            try:
                for l in open("/proc/%d/smaps_rollup" % p):
                    if l.startswith("Pss:"): pss += int(l.split()[1])
                    elif l.startswith("Rss:"): rss += int(l.split()[1])
                thr += len(os.listdir("/proc/%d/task" % p))
            except OSError:
                pass
        return pss, rss, thr

class Direct(Peer):
    note = "no proxy: the load generator against its own origin"
    def available(self): return True
    def start(self, pin=None, quiet=True): pass
    def stop(self): pass
    def pause(self): pass
    def resume(self): pass
    def alive(self): return True
    def wait_ready(self, timeout=0): return 0

class Floor(Peer):
    binary = FLOOR
    note = "bare system calls in C, no parsing; one upstream connection per client connection"
    def __init__(self, name, workers=1, kind="copy"):
        super().__init__(name, workers)
        self.kind = kind
    def command(self):
        return [FLOOR, self.kind, str(self.port), str(self.workers)], None

class FloorUring(Peer):
    binary = os.path.join(WORK, "floor_uring")
    note = "the relay of floor-copy with io_uring (multishot accept and recv, provided buffers), one thread"
    def command(self):
        return [self.binary, str(self.port), "64", "256"], None

class Mini(Peer):
    binary = MINI
    def __init__(self, name, workers=1, splice=False):
        super().__init__(name, workers)
        self.splice = splice
        self.note = "measuring stick, not a product: hand-written C, epoll, minimal parsing, upstream pool, no rules/logs/time-outs" + ("; tunnels by splice" if splice else "")
    def command(self):
        return [MINI, str(self.port), str(self.workers)] + (["splice"] if self.splice else []), None

class Squid(Peer):
    binary = "squid"; package = "squid-openssl"
    def __init__(self, name, workers=1, mem=False):
        super().__init__(name, workers)
        self.cache = mem
        self.settle = 3 if workers > 1 else 0    # the kids register with the coordinator
        self.note = ("memory cache 256 MB, no disk" if mem else "cache deny all") + "; access_log none; %d worker(s)" % workers
    def version(self):
        return subprocess.run(["squid", "--version"], capture_output=True, text=True).stdout.split("\n")[0].split()[-1]
    def cleanup(self):
        for f in os.listdir("/dev/shm"):
            if f.startswith(self.svc()):
                os.unlink("/dev/shm/" + f)
    def svc(self): return "pb" + re.sub(r"[^a-z0-9]", "", self.name)
    def command(self):
        d = self.dir()
        shutil.chown(d, "proxy", "proxy")
        cache = "cache_mem 256 MB\nmaximum_object_size_in_memory 2 MB\nmemory_cache_shared %s\n" % ("on" if self.workers > 1 else "off") if self.cache else "cache deny all\ncache_mem 0\n"
        put(d + "/squid.conf", f"""
http_port 127.0.0.1:{self.port}
{'workers %d' % self.workers if self.workers > 1 else ''}
acl loop src 127.0.0.0/8
http_access allow loop
http_access deny all
{cache}access_log none
cache_store_log none
cache_log {d}/cache.log
pid_filename {d}/squid.pid
coredump_dir {d}
client_persistent_connections on
server_persistent_connections on
server_pconn_for_nonretriable allow all
max_filedescriptors 19900
shutdown_lifetime 0 seconds
client_db off
buffered_logs on
dns_defnames off
hosts_file none
pinger_enable off
read_timeout 30 minutes
""")
        a = ["squid", "-f", d + "/squid.conf", "-n", self.svc()]
        return a + (["--foreground"] if self.workers > 1 else ["-N"]), None

class Tinyproxy(Peer):
    binary = "tinyproxy"; package = "tinyproxy-bin"
    note = "a thread per connection; closes the client connection after each response; LogLevel Critical to a file"
    def version(self): return subprocess.run(["tinyproxy", "-v"], capture_output=True, text=True).stdout.split()[-1]
    def command(self):
        d = self.dir()
        put(d + "/tp.conf", f"""
Port {self.port}
Listen 127.0.0.1
Timeout 1800
LogFile "{d}/tp.log"
LogLevel Critical
MaxClients 19000
Allow 127.0.0.0/8
""")
        return ["tinyproxy", "-d", "-c", d + "/tp.conf"], None

class Haproxy(Peer):
    binary = "haproxy"; package = "haproxy"
    connect = False
    note = "http-request set-dst url_ip / set-dst-port url_port, http-reuse always, splice-request/-response; CONNECT not possible; no log"
    def version(self): return subprocess.run(["haproxy", "-v"], capture_output=True, text=True).stdout.split()[2]
    def command(self):
        d = self.dir()
        put(d + "/ha.cfg", f"""
global
    nbthread {self.workers}
    maxconn 3000
    maxpipes 512
    tune.pipesize 262144
    {'cpu-map auto:1/1-%d 0-%d' % (self.workers, self.workers - 1) if self.workers > 1 else ''}
defaults
    mode http
    timeout connect 5s
    timeout client 30m
    timeout server 30m
    timeout http-keep-alive 30m
    option http-keep-alive
    option splice-request
    option splice-response
    no log
frontend fp
    bind 127.0.0.1:{self.port}
    http-request set-dst url_ip
    http-request set-dst-port url_port
    http-request set-uri %[pathq]
    default_backend any
backend any
    http-reuse always
    server any 0.0.0.0:0 pool-max-conn 4096 pool-purge-delay 60s
""")
        return ["haproxy", "-db", "-f", d + "/ha.cfg"], None

class Nginx(Peer):
    binary = "nginx"; package = "nginx"
    connect = False
    note = "proxy_pass http://$http_host$request_uri; stock nginx has no keep-alive to such upstreams and no CONNECT; access_log off"
    rev = False
    def version(self): return subprocess.run(["nginx", "-v"], capture_output=True, text=True).stderr.split("/")[-1].strip()
    def command(self):
        d = self.dir()
        up, pas = "", "http://$http_host$request_uri"
        if self.rev:
            up, pas = f"upstream o {{ server 127.0.0.1:{ORIGIN}; keepalive 256; keepalive_requests 1000000000; }}", "http://o"
        put(d + "/nginx.conf", f"""
worker_processes {self.workers};
daemon off;
pid {d}/nginx.pid;
error_log {d}/error.log crit;
worker_rlimit_nofile 19900;
events {{ worker_connections 12000; }}
http {{
    access_log off;
    keepalive_timeout 1800s;
    keepalive_requests 1000000000;
    client_max_body_size 0;
    client_body_buffer_size 128k;
    client_body_temp_path {d}/b;
    proxy_temp_path {d}/p;
    proxy_max_temp_file_size 0;
    proxy_buffers 16 32k;
    proxy_buffer_size 16k;
    proxy_busy_buffers_size 64k;
    proxy_http_version 1.1;
    proxy_request_buffering off;
    tcp_nodelay on;
    {up}
    server {{
        listen 127.0.0.1:{self.port} backlog=4096;
        location / {{ proxy_pass {pas}; proxy_set_header Host $http_host; proxy_set_header Connection ""; }}
    }}
}}
""")
        return ["nginx", "-c", d + "/nginx.conf", "-e", d + "/error.log"], None

class NginxRev(Nginx):
    rev = True
    note = "NOT a forward proxy: reverse proxy to the one fixed origin, keep-alive upstream; a lower mark for nginx's core"

class Ats(Peer):
    binary = "traffic_server"; package = "trafficserver"
    def __init__(self, name, workers=1, mem=False):
        super().__init__(name, workers)
        self.cache = mem
        self.note = "forward mode, %s, logging off, exec_thread.limit %d" % ("RAM cache over a 64 MB file" if mem else "HTTP cache off", workers)
    def version(self):
        o = subprocess.run(["traffic_server", "-V"], capture_output=True, text=True)
        m = re.search(r"Server (\d[\d.]*)", o.stdout + o.stderr)
        return m.group(1) if m else ""
    def command(self):
        d = self.dir()
        for s in ("etc", "var", "run", "log", "cache"):
            os.makedirs(f"{d}/{s}", exist_ok=True)
        for f in os.listdir("/etc/trafficserver"):
            s = "/etc/trafficserver/" + f
            if os.path.isfile(s): shutil.copy(s, f"{d}/etc/" + f)
        shutil.copytree("/etc/trafficserver/body_factory", f"{d}/etc/body_factory", dirs_exist_ok=True)
        put(f"{d}/etc/storage.config", f"{d}/cache 64M\n" if self.cache else "")
        put(f"{d}/etc/ip_allow.yaml", "ip_allow:\n  - apply: in\n    ip_addrs: 0/0\n    action: allow\n    methods: ALL\n  - apply: in\n    ip_addrs: ::/0\n    action: allow\n    methods: ALL\n")
        put(f"{d}/etc/remap.config", "")
        put(f"{d}/etc/records.config", f"""
CONFIG proxy.config.exec_thread.autoconfig INT 0
CONFIG proxy.config.exec_thread.limit INT {self.workers}
CONFIG proxy.config.exec_thread.affinity INT 0
CONFIG proxy.config.accept_threads INT 0
CONFIG proxy.config.task_threads INT 1
CONFIG proxy.config.http.server_ports STRING {self.port}:ip-in=127.0.0.1
CONFIG proxy.config.http.connect_ports STRING *
CONFIG proxy.config.url_remap.remap_required INT 0
CONFIG proxy.config.reverse_proxy.enabled INT 0
CONFIG proxy.config.http.cache.http INT {1 if self.cache else 0}
CONFIG proxy.config.http.cache.required_headers INT 0
CONFIG proxy.config.cache.ram_cache.size INT 64M
CONFIG proxy.config.cache.threads_per_disk INT 1
CONFIG proxy.config.log.logging_enabled INT 0
CONFIG proxy.config.net.connections_throttle INT 19900
CONFIG proxy.config.net.max_connections_in INT 19900
CONFIG proxy.config.http.keep_alive_enabled_in INT 1
CONFIG proxy.config.http.keep_alive_enabled_out INT 1
CONFIG proxy.config.http.keep_alive_no_activity_timeout_in INT 1800
CONFIG proxy.config.http.keep_alive_no_activity_timeout_out INT 1800
CONFIG proxy.config.http.transaction_no_activity_timeout_in INT 1800
CONFIG proxy.config.http.transaction_no_activity_timeout_out INT 1800
CONFIG proxy.config.http.server_session_sharing.pool STRING thread
CONFIG proxy.config.http.server_session_sharing.match STRING ip
CONFIG proxy.config.hostdb.size INT 1000
CONFIG proxy.config.hostdb.max_size INT 1M
CONFIG proxy.config.admin.user_id STRING #-1
CONFIG proxy.config.diags.output.status STRING L
CONFIG proxy.config.diags.output.warning STRING L
CONFIG proxy.config.http.slow.log.threshold INT 0
CONFIG proxy.config.res_track_memory INT 0
""")
        put(f"{d}/runroot.yaml", "\n".join([f"prefix: {d}", f"exec_prefix: {d}", "bindir: /usr/bin", "sbindir: /usr/sbin", f"sysconfdir: {d}/etc",
            "datadir: /usr/share", "includedir: /usr/include", "libdir: /usr/lib/trafficserver", "libexecdir: /usr/lib/trafficserver/modules",
            f"localstatedir: {d}/var", f"runtimedir: {d}/run", f"logdir: {d}/log", f"cachedir: {d}/cache", ""]))
        return ["traffic_server", f"--run-root={d}/runroot.yaml"], None

class Privoxy(Peer):
    binary = "privoxy"; package = "privoxy"
    note = "a thread per connection; no filters or actions; keep-alive and connection-sharing on; receive-buffer-size 64k; debug 0"
    def version(self):
        o = subprocess.run(["privoxy", "--version"], capture_output=True, text=True)
        return (o.stdout + o.stderr).split()[2]
    def command(self):
        d = self.dir()
        put(d + "/config", f"""
confdir {d}
logdir {d}
listen-address 127.0.0.1:{self.port}
toggle 1
debug 0
keep-alive-timeout 1800
default-server-timeout 1800
connection-sharing 1
tolerate-pipelining 1
socket-timeout 1800
max-client-connections 19000
listen-backlog 4096
enable-compression 0
receive-buffer-size 65536
""")
        return ["privoxy", "--no-daemon", d + "/config"], None

class Goproxy(Peer):
    binary = GOPROXY; package = "golang-github-elazarl-goproxy-dev"
    idle = 2
    @property
    def note(self): return "elazarl/goproxy 1.1 basic example, Go 1.19, GOMAXPROCS=%d, MaxIdleConnsPerHost %d%s" % (self.workers, self.idle, " (Go's default)" if self.idle == 2 else " (tuned)")
    def version(self): return "1.1"
    def command(self):
        return [self.binary, "-addr", "127.0.0.1:%d" % self.port, "-idle", str(self.idle)], {"GOMAXPROCS": str(self.workers)}

class GoproxyTuned(Goproxy):
    idle = 1024

class ProxyPy(Peer):
    binary = os.path.join(VENV, "bin/proxy")
    @property
    def note(self): return "proxy.py from PyPI, threadless, --num-workers %d --num-acceptors %d, log level ERROR; no upstream keep-alive pool" % (self.workers, self.workers)
    def version(self): return pipver("proxy.py")
    def command(self):
        return [self.binary, "--hostname", "127.0.0.1", "--port", str(self.port), "--num-workers", str(self.workers), "--num-acceptors", str(self.workers),
                "--log-level", "ERROR", "--timeout", "1800", "--backlog", "4096"], None

class Mitmdump(Peer):
    binary = os.path.join(VENV, "bin/mitmdump")
    note = "mitmdump -q, stream_large_bodies=1, CONNECT passed through (ignore_hosts)"
    def version(self): return pipver("mitmproxy")
    def command(self):
        return [self.binary, "-q", "--mode", "regular@127.0.0.1:%d" % self.port, "--set", "confdir=" + self.dir(), "--set", "stream_large_bodies=1",
                "--set", "flow_detail=0", "--ignore-hosts", ":(%d|%d|%d)$" % (ORIGIN + 1, ORIGIN + 2, ORIGIN + 3), "--set", "connection_strategy=lazy"], None

class Apache(Peer):
    binary = "apache2"; package = "apache2-bin"
    @property
    def note(self): return "mod_proxy, mpm_event, %d process(es), ProxyRequests On, AllowCONNECT, ProxyIOBufferSize 64k; no log; upstream keep-alive is per worker thread and address only for defined workers" % self.workers
    def version(self):
        return subprocess.run(["apache2", "-v"], capture_output=True, text=True).stdout.split("/")[1].split()[0]
    def command(self):
        d = self.dir()
        mods = "".join(f"LoadModule {m}_module /usr/lib/apache2/modules/mod_{m}.so\n" for m in ("mpm_event", "authz_core", "proxy", "proxy_http", "proxy_connect"))
        put(d + "/httpd.conf", mods + f"""
ServerRoot {d}
ServerName localhost
PidFile {d}/httpd.pid
DefaultRuntimeDir {d}
Mutex file:{d} default
ErrorLog {d}/error.log
LogLevel crit
Listen 127.0.0.1:{self.port}
User www-data
Group www-data
StartServers {self.workers}
ServerLimit {self.workers * 4}
ThreadLimit 512
ThreadsPerChild {512 // self.workers}
MinSpareThreads 1
MaxSpareThreads {512 * self.workers * 4}
MaxRequestWorkers {512 * 4}
AsyncRequestWorkerFactor 16
MaxConnectionsPerChild 0
KeepAlive On
MaxKeepAliveRequests 0
KeepAliveTimeout 1800
Timeout 1800
ProxyRequests On
ProxyVia Off
ProxyIOBufferSize 65536
AllowCONNECT 0-65535
<Proxy "*">
Require all granted
</Proxy>
<Proxy "http://127.0.0.1:{ORIGIN}">
ProxySet keepalive=On max=512 acquire=5000
</Proxy>
""")
        return ["apache2", "-f", d + "/httpd.conf", "-D", "FOREGROUND", "-k", "start"], {"APACHE_RUN_DIR": d}

class Extra(Peer):
    def __init__(self, name, cmd, port, workers, connect=True, absolute=True, cache=False):
        super().__init__(name, workers)
        self.cmd, self.port, self.connect, self.absolute, self.cache = cmd, port, connect, absolute, cache
        self.note = cmd
    def available(self): return True
    def command(self):
        c = self.cmd.replace("{port}", str(self.port)).replace("{workers}", str(self.workers)).replace("{dir}", self.dir())
        return ["/bin/sh", "-c", "exec " + c], {"WORKERS": str(self.workers)}

def pipver(name):
    try:
        o = subprocess.run([VENV + "/bin/pip", "show", name], capture_output=True, text=True).stdout
        return re.search(r"Version: (\S+)", o).group(1)
    except Exception:
        return ""

# name -> factory(workers)
PEERS = {
    "direct": lambda w: Direct("direct", w),
    "floor-copy": lambda w: Floor("floor-copy", w, "copy"),
    "floor-splice": lambda w: Floor("floor-splice", w, "splice"),
    "floor-uring": lambda w: FloorUring("floor-uring", w),
    "mini": lambda w: Mini("mini", w),
    "mini-splice": lambda w: Mini("mini-splice", w, True),
    "haproxy": lambda w: Haproxy("haproxy", w),
    "nginx": lambda w: Nginx("nginx", w),
    "nginx-rev": lambda w: NginxRev("nginx-rev", w),
    "squid": lambda w: Squid("squid", w),
    "squid-mem": lambda w: Squid("squid-mem", w, True),
    "ats": lambda w: Ats("ats", w),
    "ats-mem": lambda w: Ats("ats-mem", w, True),
    "apache": lambda w: Apache("apache", w),
    "tinyproxy": lambda w: Tinyproxy("tinyproxy", w),
    "privoxy": lambda w: Privoxy("privoxy", w),
    "goproxy": lambda w: Goproxy("goproxy", w),
    "goproxy-tuned": lambda w: GoproxyTuned("goproxy-tuned", w),
    "proxy.py": lambda w: ProxyPy("proxy.py", w),
    "mitmdump": lambda w: Mitmdump("mitmdump", w),
}
PEER_GROUPS = {
    "all": ["direct", "floor-copy", "floor-splice", "mini", "haproxy", "nginx", "nginx-rev", "squid", "ats", "apache", "tinyproxy", "privoxy", "goproxy", "goproxy-tuned", "proxy.py", "mitmdump"],
    "native": ["direct", "floor-copy", "floor-splice", "mini", "haproxy", "nginx", "nginx-rev", "squid", "ats", "apache", "tinyproxy", "privoxy", "goproxy-tuned"],
    "best": ["haproxy", "squid", "ats", "tinyproxy", "goproxy-tuned"],
    "cache": ["squid-mem", "ats-mem", "floor-copy"],
}


def build_goproxy():
    """Builds goproxy's example, where there is a Go compiler and Debian's package of its source."""
    if os.path.exists(GOPROXY) or not shutil.which("go"):
        return
    os.makedirs(WORK, mode=0o755, exist_ok=True)
    env = dict(os.environ, GOPATH="/usr/share/gocode", GO111MODULE="off", GOFLAGS="", GOCACHE=os.path.join(WORK, "gocache"))
    subprocess.run(["go", "build", "-o", GOPROXY, os.path.join(HERE, "goproxy", "main.go")], env=env, check=False)
