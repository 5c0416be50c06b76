"""A running apus with an admin listener, between an origin and clients of all kinds; ports are the system's choice."""

import base64
import contextlib
import http.client
import json
import pathlib
import re
import shutil
import signal
import socket
import struct
import subprocess
import sys
import tempfile
import threading

from harness import end, environment, wait_until
from origins import Origin

TOKEN = "the-token-of-a-test"
# No user's password is used twice; the salt is fixed, for nothing here is secret.
PASSWORD = "secret"
POLICY = """users: {{ file: {folder}/users }}
lists: {{ ads: {{ file: {folder}/ads.txt, format: domains }} }}
rules:
  - name: trial
    deny: {{ to: 127.0.0.1, path: /text/trial }}
    mode: report
  - name: social
    deny: {{ to: "*.social.example", text: "Ask the web team." }}
  - name: blocked
    deny: {{ to: "list:ads" }}
  - name: named
    allow: {{ user: anna, to: 127.0.0.1, path: /text/named, private: true, timeouts: {{ first-byte: 5m, response-body: 2m }} }}
  - name: bounds
    limit: {{ from: 127.0.0.0/8, requests: 100000/s }}
  - allow: {{ to: localhost }}
  - name: local
    allow: {{ to: 127.0.0.1, private: true, tls: any }}
"""


class ResettingOrigin:
    """Takes a connection, reads what comes, and resets it."""

    def __init__(self):
        self.listener = socket.create_server(("127.0.0.1", 0))
        self.port = self.listener.getsockname()[1]
        threading.Thread(target=self.serve, daemon=True).start()

    def serve(self):
        with contextlib.suppress(OSError):
            while True:
                peer, _ = self.listener.accept()
                peer.settimeout(5)
                with contextlib.suppress(OSError), peer:
                    peer.recv(65536)
                    peer.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))

    def end(self):
        self.listener.close()


class AdminHouse:
    """The process, its policy in a folder of its own, and two origins."""

    def __init__(self, binary, *flags, policy=POLICY, token=None, threads=2):
        self.binary, self.token = binary, token
        self.folder = pathlib.Path(tempfile.mkdtemp(prefix="apus-admin-"))
        self.origin, self.resetting = Origin(self.folder), ResettingOrigin()
        self.authority = f"127.0.0.1:{self.origin.port}"
        hashed = subprocess.run(["openssl", "passwd", "-6", "-salt", "apusapus", PASSWORD], check=True, stdout=subprocess.PIPE, text=True)
        (self.folder / "users").write_text(f"anna:{hashed.stdout.strip()}\n")
        (self.folder / "users").chmod(0o600)
        (self.folder / "ads.txt").write_text("ads.example\nbanner.example\n")
        self.configuration = self.folder / "apus.yaml"
        self.write(policy)
        if token:
            (self.folder / "token").write_text(token + "\n")
            flags += ("--admin-token-file", str(self.folder / "token"))
        self.notices = self.folder / "notices"
        with open(self.notices, "wb") as notices:
            self.process = subprocess.Popen(
                [str(binary), "--listen", "127.0.0.1:0", "--admin-listen", "127.0.0.1:0", "--connect-ports", "all", "--threads", str(threads),
                 "--config", str(self.configuration), "--log", "json", "--log-file", str(self.folder / "access.json"), *flags],
                stdin=subprocess.DEVNULL, stdout=notices, stderr=notices, env=environment())
        found = {}

        def told():
            text = self.notices.read_text(errors="replace")
            found["proxy"] = re.search(r"clients on 127\.0\.0\.1:(\d+)", text)
            found["admin"] = re.search(r"the page is at http://127\.0\.0\.1:(\d+)/", text)
            return all(found.values()) or self.process.poll() is not None

        wait_until(told, 10)
        if not all(found.values()) or self.process.poll() is not None:
            said = self.notices.read_text(errors="replace")
            self.stop()
            sys.exit("apus has not said where it listens and where its page is:\n" + said)
        self.port, self.admin_port = int(found["proxy"][1]), int(found["admin"][1])

    def write(self, policy):
        self.configuration.write_text(policy.format(folder=self.folder))

    def reload(self):
        self.process.send_signal(signal.SIGHUP)

    # The admin listener

    def ask(self, path, method="GET", token=None, seconds=20, **fields):
        """(status, fields by lower-case name, body) of the admin listener; without a token the house's own is shown."""
        connection = http.client.HTTPConnection("127.0.0.1", self.admin_port, timeout=seconds)
        shown = self.token if token is None else token
        if shown:
            fields.setdefault("Authorization", f"Bearer {shown}")
        try:
            connection.request(method, path, headers={name.replace("_", "-"): value for name, value in fields.items()})
            answer = connection.getresponse()
            return answer.status, {name.lower(): value for name, value in answer.getheaders()}, answer.read()
        finally:
            connection.close()

    def json(self, path):
        return json.loads(self.ask(path)[2])

    def metrics(self):
        return self.ask("/metrics")[2].decode()

    # Clients

    def request(self, method, path, host=None, body=None, user=None):
        """The status that a client gets; None where the connection ends without one."""
        connection = http.client.HTTPConnection("127.0.0.1", self.port, timeout=20)
        fields = {}
        if user:
            fields["Proxy-Authorization"] = "Basic " + base64.b64encode(f"{user}:{PASSWORD}".encode()).decode()
        try:
            connection.request(method, f"http://{host or self.authority}{path}", body=body, headers=fields)
            answer = connection.getresponse()
            answer.read()
            return answer.status
        except http.client.HTTPException:
            return None
        finally:
            connection.close()

    def tunnel(self):
        peer = socket.create_connection(("127.0.0.1", self.port), timeout=20)
        peer.sendall(f"CONNECT {self.authority} HTTP/1.1\r\nHost: {self.authority}\r\n\r\n".encode())
        told = peer.recv(4096)
        if b" 200" not in told:
            raise OSError(f"CONNECT was answered with {told!r}")
        return peer

    def through(self, peer, path):
        """A request through a tunnel."""
        peer.sendall(f"GET {path} HTTP/1.1\r\nHost: {self.authority}\r\n\r\n".encode())
        answer = http.client.HTTPResponse(peer)
        answer.begin()
        return answer.read()

    def stop(self, seconds=5):
        end(self.process, seconds)
        self.resetting.end()
        self.origin.server.shutdown()
        shutil.rmtree(self.folder, ignore_errors=True)

    def __enter__(self):
        return self

    def __exit__(self, *_):
        self.stop()
