"""The proxy under the net: its modes, and its log by client once it has ended."""
import json
import pathlib
import re
import shutil
import signal
import subprocess
import sys
import tempfile
import time

sys.path.insert(0, str(pathlib.Path(__file__).resolve().parents[2] / "scripts" / "support"))
from harness import environment  # noqa: E402

RULES = """
connect-ports: all
rules:
  - name: no ads
    deny: { to: ["*.ads.example", denied.example], text: "Not here." }
  - name: no deleting
    deny: { method: DELETE, status: 405 }
  - name: the private part
    deny: { to: localhost, path: /private/ }
  - name: watched
    deny: { to: localhost, path: /watched/ }
    mode: report
  - name: a few
    limit: { to: localhost, path: /limited/, requests: 2/h, by: client }
  - name: edits
    allow:
      to: localhost
      path: /edit/
      private: true
      request-headers: { set: { X-Team: net }, drop: [X-Gone] }
      response-headers: { set: { X-Seen: "yes" }, drop: [X-Powered-By] }
  - name: by name
    allow: { to: localhost, private: true }
  - name: by address
    allow: { to: 127.0.0.1, private: true }
"""
FLAGS = {
    "plain": ["--allow-private", "--connect-ports", "all"],
    "rules": [],
    "users": ["--allow-private", "--connect-ports", "all"],
}


class Proxy:
    """A running apus in one of the modes, of one thread, so that its pool is one."""

    def __init__(self, binary, mode, *flags):
        self.folder = pathlib.Path(tempfile.mkdtemp(prefix="apus-net-"))
        self.log, self.notices = self.folder / "access.json", self.folder / "notices"
        more = list(FLAGS[mode])
        if mode == "rules":
            (self.folder / "rules.yaml").write_text(RULES)
            more += ["--config", str(self.folder / "rules.yaml")]
        elif mode == "users":
            hashed = subprocess.run([binary, "hash-password", "--user", "anna"], input="secret\n", capture_output=True, text=True,
                                    env=environment())
            (self.folder / "users").write_text(hashed.stdout)
            (self.folder / "users.yaml").write_text(f"users: {{ file: {self.folder / 'users'} }}\n")
            more += ["--config", str(self.folder / "users.yaml")]
        with open(self.notices, "wb") as notices:
            self.process = subprocess.Popen(
                [binary, "--listen", "127.0.0.1:0", "--threads", "1", "--no-admin", "--via-pseudonym", "net", "--log", "json", "--log-file",
                 str(self.log), *more, *flags], stdin=subprocess.DEVNULL, stdout=notices, stderr=notices, env=environment())
        self.port = self._port()

    def _port(self):
        end = time.monotonic() + 30
        while time.monotonic() < end and self.process.poll() is None:
            found = re.search(r"clients on 127\.0\.0\.1:(\d+)$", self.notices.read_text(), re.MULTILINE)
            if found:
                return int(found[1])
            time.sleep(0.02)
        raise RuntimeError("apus has not said where it listens:\n" + self.notices.read_text())

    def stop(self):
        """Ends it. Answers its records by the client's address, and what was wrong with its end ('' if nothing)."""
        self.process.send_signal(signal.SIGTERM)
        try:
            status = self.process.wait(40)
        except subprocess.TimeoutExpired:
            self.process.kill()
            status = self.process.wait()
        fault = "" if status == 0 else f"apus ended with status {status}:\n{self.notices.read_text()[-2000:]}"
        records = {}
        for line in self.log.read_bytes().splitlines() if self.log.exists() else []:
            records.setdefault(json.loads(line)["client"], []).append(line.decode())
        shutil.rmtree(self.folder, ignore_errors=True)
        return records, fault
