"""What scripts/dashboard looks at: a mock, or an apus with an origin. Both make requests, refusals and tunnels, go away and come back."""

import base64
import contextlib
import http.client
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

from harness import end, environment, wait_until
from mock_admin import MockAdmin
from origins import Origin, text_of

CONFIGURATION = """users: {{ file: {folder}/users }}
# The tunnels here hold plain text, although a rule judges requests to the same host by path.
sni: {{ not-tls: allow }}
rules:
  - name: social
    deny: {{ to: "*.social.example" }}
  - name: private files
    deny: {{ to: 127.0.0.1, path: /nothing/refused }}
  - name: named
    allow: {{ user: anna, to: 127.0.0.1, path: /text/named }}
  - name: local
    allow: {{ to: 127.0.0.1 }}
"""


# How much of a body is recorded.
RECORDED = 1000


def recorded(content):
    """A body as the interface has it."""
    kept = content[:RECORDED]
    told = {"bytes": len(content), "truncated": len(kept) < len(content)}
    try:
        return {**told, "text": kept.decode()}
    except UnicodeDecodeError:
        return {**told, "base64": base64.b64encode(kept).decode()}


class MockHouse:
    """Requests are records that are put in."""

    is_mock = True

    def __init__(self):
        self.mock = MockAdmin(rate=0)
        self.url = self.mock.url
        self.authority, self.listener = "127.0.0.1:4711", self.mock.listener

    def request(self, path="/text/one", status=200, user=None, fields=(), method="GET", content=None):
        self.mock.record(host="127.0.0.1", port=4711, path=path, status=status, user=user, method=method, rule="named" if user else "local",
                         asked=recorded(content) if content else None, body=recorded(text_of(path)) if path.startswith("/text/") else None,
                         fields=[[name, f"{value.split()[0]} (redacted)" if name == "Authorization" else value] for name, value in fields])

    def refuse(self):
        self.mock.refuse("www.social.example", rule="social")

    def break_reload(self):
        self.mock.reload = {"succeeded_total": 0, "failed_total": 1, "at": "2026-01-31T12:00:00Z", "succeeded": False,
                            "fault": "/etc/apus/apus.yaml:7:3: \"alow\" is no key of a rule; did you mean allow?\n/etc/apus/apus.yaml:9:1: there is more"}

    def mend_reload(self):
        self.mock.since = "2026-01-31T12:01:00Z"
        self.mock.reload = {"succeeded_total": 1, "failed_total": 1, "at": self.mock.since, "succeeded": True, "fault": None}

    def tunnel(self):
        return self.mock.open("127.0.0.1", 4711, rule="local")

    def leave(self, peer):
        """The client of a tunnel goes while the mock is stopped."""
        peer.close()
        self.mock.tunnels.clear()

    def stir(self, peer):
        """Bytes through the tunnel; the mock's move by themselves."""

    def many(self, number):
        for _ in range(number):
            self.request(f"/text/{number}")

    def flow(self, rate, seconds):
        self.mock.rate = rate
        time.sleep(seconds)
        self.mock.rate = 0

    def stop(self):
        self.mock.stop()

    def start(self):
        self.mock.start()

    def end(self):
        self.mock.stop()


class ApusHouse:
    """A running apus between an origin and clients."""

    is_mock = False

    def __init__(self, binary):
        self.binary = binary
        self.folder = pathlib.Path(tempfile.mkdtemp(prefix="apus-dashboard-"))
        self.origin = Origin(self.folder)
        self.authority = f"127.0.0.1:{self.origin.port}"
        hashed = subprocess.run(["openssl", "passwd", "-6", "-salt", "apusapus", "secret"], check=True, stdout=subprocess.PIPE, text=True).stdout.strip()
        (self.folder / "users").write_text(f"anna:{hashed}\n")
        (self.folder / "users").chmod(0o600)
        # The page closes tunnels only where a token is set.
        self.token = "the-token-of-a-test"
        (self.folder / "token").write_text(self.token + "\n")
        (self.folder / "apus.yaml").write_text(CONFIGURATION.format(folder=self.folder))
        self.ports = [0, 0]
        self.start()

    def start(self):
        errors = self.folder / "notices"
        with open(errors, "wb") as notices:
            self.process = subprocess.Popen(
                [str(self.binary), "--listen", f"127.0.0.1:{self.ports[0]}", "--admin-listen", f"127.0.0.1:{self.ports[1]}", "--allow-private",
                 "--connect-ports", "all", "--record-bodies", str(RECORDED), "--config", str(self.folder / "apus.yaml"), "--log", "off",
                 "--admin-token-file", str(self.folder / "token")],
                stdin=subprocess.DEVNULL, stdout=notices, stderr=notices, env=environment())
        found = {}

        def told():
            text = errors.read_text(errors="replace")
            found["proxy"] = re.search(r"clients on 127\.0\.0\.1:(\d+)", text)
            found["admin"] = re.search(r"the page is at http://127\.0\.0\.1:(\d+)/", text)
            return all(found.values()) or self.process.poll() is not None

        wait_until(told, 10)
        if not all(found.values()) or self.process.poll() is not None:
            sys.exit("apus has not said where it listens and where its page is:\n" + errors.read_text(errors="replace"))
        self.ports = [int(found["proxy"][1]), int(found["admin"][1])]
        self.listener, self.url = f"127.0.0.1:{self.ports[0]}", f"http://127.0.0.1:{self.ports[1]}"

    def request(self, path="/text/one", status=None, user=None, fields=(), method="GET", host=None, content=None):
        connection = http.client.HTTPConnection("127.0.0.1", self.ports[0], timeout=20)
        given = dict(fields)
        if user:
            given["Proxy-Authorization"] = "Basic " + base64.b64encode(f"{user}:secret".encode()).decode()
        connection.request(method, f"http://{host or self.authority}{path}", body=content, headers=given)
        connection.getresponse().read()
        connection.close()

    def refuse(self):
        self.request("/", host="www.social.example")

    def break_reload(self):
        """A settings file with a mistake, and HUP."""
        path = self.folder / "apus.yaml"
        self.whole = path.read_text()
        path.write_text(self.whole + "  - alow: { to: a.example }\n")
        self.process.send_signal(signal.SIGHUP)

    def mend_reload(self):
        (self.folder / "apus.yaml").write_text(self.whole)
        self.process.send_signal(signal.SIGHUP)

    def tunnel(self):
        peer = socket.create_connection(("127.0.0.1", self.ports[0]), timeout=20)
        peer.sendall(f"CONNECT {self.authority} HTTP/1.1\r\nHost: {self.authority}\r\n\r\n".encode())
        told = peer.recv(4096)
        if b" 200" not in told:
            raise OSError(f"CONNECT was answered with {told!r}")
        return peer

    def leave(self, peer):
        """The client of a tunnel goes."""
        peer.close()

    def stir(self, peer):
        """Requests through the tunnel, so that its bytes move, until it ends."""
        def act():
            with contextlib.suppress(OSError):
                while True:
                    peer.sendall(f"GET /text/stir HTTP/1.1\r\nHost: {self.authority}\r\n\r\n".encode())
                    time.sleep(0.2)
        threading.Thread(target=act, daemon=True).start()

    def many(self, number, rate=None):
        connection = http.client.HTTPConnection("127.0.0.1", self.ports[0], timeout=20)
        for index in range(number):
            connection.request("GET", f"http://{self.authority}/text/many/{index}")
            connection.getresponse().read()
            if rate:
                time.sleep(1 / rate)
        connection.close()

    def flow(self, rate, seconds):
        self.many(int(rate * seconds), rate)

    def stop(self):
        end(self.process, 5)

    def end(self):
        self.stop()
        self.origin.server.shutdown()
        shutil.rmtree(self.folder, ignore_errors=True)
