"""What a request costs the whole process: an apus under valgrind, or under strace, that is asked the same thing a few times and many."""
import collections
import os
import pathlib
import re
import shutil
import signal
import socket
import subprocess
import sys
import tempfile
import threading
import time

from harness import environment

HERE = pathlib.Path(__file__).resolve().parent
FIRST, FEW, MANY = 20, 40, 240
FIRST_WORDS = 60    # seconds for a process under valgrind to listen

HEAD = b"%s http://127.0.0.1:%d%s HTTP/1.1\r\nHost: 127.0.0.1:%d\r\n"
CURL = b"User-Agent: curl/8.1.2\r\nAccept: */*\r\n"
BROWSER = (b"User-Agent: Mozilla/5.0 (X11; Linux x86_64) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/126.0.0.0 Safari/537.36\r\n"
           b"Accept: text/html,application/xhtml+xml,application/xml;q=0.9,image/avif,image/webp,image/apng,*/*;q=0.8\r\n"
           b"Accept-Encoding: gzip, deflate, br, zstd\r\nAccept-Language: en-GB,en;q=0.9,de;q=0.8\r\nCache-Control: max-age=0\r\n"
           b"Cookie: session=0123456789abcdef0123456789abcdef; theme=dark; consent=1; _ga=GA1.1.1234567890.1700000000\r\n"
           b"Referer: http://www.example.org/an/earlier/page.html?with=a&query=1\r\nUpgrade-Insecure-Requests: 1\r\n"
           b"Proxy-Connection: keep-alive\r\nIf-None-Match: \"5f3a-61c8b1d2a7c40\"\r\nIf-Modified-Since: Mon, 01 Jul 2024 10:00:00 GMT\r\n")
ANSWER = (b"HTTP/1.1 200 OK\r\nServer: nginx\r\nDate: Mon, 01 Jul 2024 10:00:00 GMT\r\nContent-Type: text/html\r\nContent-Length: 1024\r\n"
          b"Connection: keep-alive\r\n\r\n" + b"0123456789abcdef" * 64)
RULES = "".join("  - name: rule %d\n    deny: { to: [\"*.denied%d.example\", d%d.example], ports: [80, 443] }\n" % (n, n, n)
                for n in range(19)) + "  - name: local\n    allow: { to: 127.0.0.1, private: true }\n"


class Origin:
    """Answers every request whose head it has read, and the body behind it; echoes where a line is not HTTP."""

    def __init__(self):
        self.listener = socket.create_server(("127.0.0.1", 0), backlog=512)
        self.port = self.listener.getsockname()[1]
        threading.Thread(target=self.accept, daemon=True).start()

    def accept(self):
        while True:
            peer, _ = self.listener.accept()
            peer.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
            threading.Thread(target=self.serve, args=(peer,), daemon=True).start()

    @staticmethod
    def serve(peer):
        data = b""
        with peer:
            while block := peer.recv(65536):
                data += block
                if not data[:1].isupper():
                    peer.sendall(data)
                    data = b""
                    continue
                end = data.find(b"\r\n\r\n") + 4
                found = re.search(rb"Content-Length: (\d+)", data[:end]) if end > 3 else None
                if end > 3 and len(data) >= end + (int(found[1]) if found else 0):
                    data = b""
                    peer.sendall(ANSWER)


def open_client(port):
    client = socket.create_connection(("127.0.0.1", port), 60)
    client.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
    return client


def read(client, count):
    """Exactly so many bytes."""
    got = b""
    while len(got) < count:
        block = client.recv(count - len(got))
        if not block:
            raise EOFError(f"the proxy closed after {got!r}")
        got += block
    return got


def read_answer(client):
    got = b""
    while b"\r\n\r\n" not in got:
        got += read(client, 1) if not got else client.recv(65536)
    if not got.startswith(b"HTTP/1.1 200"):
        raise EOFError(f"answered {got[:80]!r}")
    length = re.search(rb"(?i)content-length: (\d+)", got)
    read(client, got.index(b"\r\n\r\n") + 4 + (int(length[1]) if length else 0) - len(got))


def requests(fields, method=b"GET", body=b""):
    """The same request again and again on one connection, each after the last one's answer."""
    def drive(port, origin, count):
        length = b"Content-Length: %d\r\n" % len(body) if body else b""
        asked = HEAD % (method, origin, b"/some/path/page.html?a=1", origin) + fields + length + b"\r\n" + body
        # By these the origin shows that it keeps connections, without which a POST takes no idle one.
        known = HEAD % (b"GET", origin, b"/", origin) + fields + b"\r\n"
        with open_client(port) as client:
            for text in [known] * 3 + [asked] * count:
                client.sendall(text)
                read_answer(client)
    return drive


def tunnels(port, origin, count):
    """A tunnel, a byte each way, and the end, again and again."""
    for _ in range(count):
        with open_client(port) as client:
            client.sendall(b"CONNECT 127.0.0.1:%d HTTP/1.1\r\nHost: 127.0.0.1:%d\r\n\r\n" % (origin, origin))
            read_answer(client)
            client.sendall(b"x")
            read(client, 1)
            client.shutdown(socket.SHUT_WR)
            while client.recv(65536):
                pass


def bytes_in_tunnel(port, origin, count):
    """One byte to the origin and back, in a tunnel that stands."""
    with open_client(port) as client:
        client.sendall(b"CONNECT 127.0.0.1:%d HTTP/1.1\r\nHost: 127.0.0.1:%d\r\n\r\n" % (origin, origin))
        read_answer(client)
        for _ in range(count):
            client.sendall(b"x")
            read(client, 1)


# name: (flags, the settings file, how it is driven)
STORIES = {
    "a GET on a kept connection": (["--log", "off"], "", requests(CURL)),
    "a browser's GET": (["--log", "off"], "", requests(BROWSER)),
    "a POST of 1 KiB": (["--log", "off"], "", requests(CURL, b"POST", b"0123456789abcdef" * 64)),
    "a GET by 20 rules, with a line": (["--log", "json", "--log-file", "{folder}/log"], "rules:\n" + RULES, requests(CURL)),
    "a tunnel, opened and closed": (["--log", "off"], "", tunnels),
    "a byte to and fro in a tunnel": (["--log", "off"], "", bytes_in_tunnel),
}
ALLOCATE = re.compile(r"^(malloc|calloc|realloc|posix_memalign|aligned_alloc|memalign)(@|'|$)")
RETAIN = re.compile(r"^(swift_retain|swift_retain_n|swift_bridgeObjectRetain|swift_bridgeObjectRetain_n|swift_unknownObjectRetain)(@|'|$)")


def command(tool, folder):
    if tool == "valgrind":
        return ["valgrind", "--tool=callgrind", "--instr-atstart=no", "--callgrind-out-file=" + str(folder / "calls")]
    return ["strace", "-f", "-c", "-U", "name,calls", "-o", str(folder / "calls")]


def run(binary, tool, story, count):
    """What the process did in all while it served so many: by instructions and so on."""
    flags, settings, drive = STORIES[story]
    folder = pathlib.Path(tempfile.mkdtemp(prefix="apus-cost-"))
    (folder / "apus.yaml").write_text(settings or "connect-ports: all\n")
    origin = Origin()
    surroundings = environment(SWIFT_DETERMINISTIC_HASHING="1")
    if tool == "valgrind":
        compiler = shutil.which("cc") or "clang"
        subprocess.run([compiler, "-shared", "-fPIC", "-o", str(folder / "stay.so"), str(HERE / "stay.c")], check=True)
        surroundings["LD_PRELOAD"] = str(folder / "stay.so")
    with open(folder / "notices", "wb") as notices:
        process = subprocess.Popen(
            [*command(tool, folder), binary, "--listen", "127.0.0.1:0", "--threads", "1", "--no-admin", "--config", str(folder / "apus.yaml"),
             *([] if settings else ["--allow-private"]), *(flag.format(folder=folder) for flag in flags)],
            stdin=subprocess.DEVNULL, stdout=notices, stderr=notices, env=surroundings)
    try:
        port = port_of(process, folder / "notices")
        if tool == "valgrind":
            # Types are looked up once, by whichever thread comes first: what the start, the first requests and the end cost is not counted.
            drive(port, origin.port, FIRST)
            instrument(process, "on")
        drive(port, origin.port, count)
        if tool == "valgrind":
            instrument(process, "off")
    except BaseException:
        process.kill()
        raise
    else:
        # strace passes no signal on: its child is told.
        children = pathlib.Path(f"/proc/{process.pid}/task/{process.pid}/children").read_text().split() if tool == "strace" else []
        os.kill(int(children[0]) if children else process.pid, signal.SIGTERM)
        status = process.wait(120)
    if status != 0:
        sys.exit(f"apus ended with status {status} under {tool}:\n{(folder / 'notices').read_text()[-2000:]}")
    text = (folder / "calls").read_text()
    shutil.rmtree(folder)
    return calls_of(text) if tool == "valgrind" else {"system calls": int(re.search(r"^total\s+(\d+)", text, re.MULTILINE)[1])}


def instrument(process, state):
    subprocess.run(["callgrind_control", "--instr=" + state, str(process.pid)], check=True, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)


def port_of(process, notices):
    end = time.monotonic() + FIRST_WORDS
    while time.monotonic() < end and process.poll() is None:
        if found := re.search(r"clients on 127\.0\.0\.1:(\d+)$", notices.read_text(errors="replace"), re.MULTILINE):
            return int(found[1])
        time.sleep(0.05)
    sys.exit("apus has not said where it listens:\n" + notices.read_text(errors="replace"))


def calls_of(text):
    """Instructions, allocations and retains from a file of callgrind's."""
    names, found, called = {}, collections.Counter(), ""
    for line in text.splitlines():
        if line.startswith("totals:") or line.startswith("summary:"):
            found["instructions"] = int(line.split()[1])
        elif match := re.match(r"c?fn=\((\d+)\)(?: (.*))?$", line):
            if match[2]:
                names[match[1]] = match[2]
            called = names.get(match[1], "") if line.startswith("cfn") else called
        elif line.startswith("calls="):
            count = int(line[6:].split()[0])
            found["allocations"] += count if ALLOCATE.match(called) else 0
            found["retains"] += count if RETAIN.match(called) else 0
    return {name: found[name] for name in ("instructions", "allocations", "retains")}


def count(binary, stories):
    """By name, as `instructions, a browser's GET`: what one costs."""
    counted = {}
    for story in stories:
        for tool in ("valgrind", "strace"):
            few, many = run(binary, tool, story, FEW), run(binary, tool, story, MANY)
            for name in few:
                counted[f"{name}, {story}"] = round((many[name] - few[name]) / (MANY - FEW), 1)
    return counted
