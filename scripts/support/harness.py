"""What the scripts share: a running apus with its access log and its figures, and the count of checks."""

import json
import os
import pathlib
import shutil
import signal
import socket
import subprocess
import sys
import tempfile
import time

ROOT = pathlib.Path(__file__).resolve().parents[2]
BINARY = ROOT / ".build" / "release" / "apus"

# The members of a line of the JSON access log, by the names that the scripts use. The one place to adapt.
FIELDS = {"method": "method", "host": "host", "port": "port", "path": "path", "status": "status", "kind": "kind"}


def environment(**more):
    """This process's environment without the variables by which clients find or bypass proxies."""
    kept = {name: value for name, value in os.environ.items()
            if not name.lower().endswith("_proxy") and not name.startswith("APUS_")}
    kept.update(more)
    return kept


def free_port():
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return probe.getsockname()[1]


def wait_until(condition, seconds, step=0.02):
    """Polls until the condition is true, and answers whether it became so."""
    end = time.monotonic() + seconds
    while time.monotonic() < end:
        if condition():
            return True
        time.sleep(step)
    return bool(condition())


def end(process, seconds, group=False):
    """Ends a child by TERM, and by KILL if it does not; answers its exit status. With `group` all that it has started too."""
    status = process.poll()
    if status is not None:
        return status
    tell = (lambda number: os.killpg(process.pid, number)) if group else process.send_signal
    tell(signal.SIGTERM)
    try:
        return process.wait(seconds)
    except subprocess.TimeoutExpired:
        tell(signal.SIGKILL)
        return process.wait()


class Apus:
    """A running apus on a free port of loopback, with a JSON access log in a folder of its own."""

    def __init__(self, binary, *flags, log=True):
        if not os.access(binary, os.X_OK):
            sys.exit(f"{binary}: no such program; build it with swift build -c release, or name another")
        self.folder = pathlib.Path(tempfile.mkdtemp(prefix="apus-"))
        self.log_path = self.folder / "access.json"
        self.error_path = self.folder / "error.txt"
        self.port = free_port()
        self.address = f"127.0.0.1:{self.port}"
        self.url = f"http://{self.address}"
        self._offset, self._records = 0, []
        logging = ["--log", "json", "--log-file", str(self.log_path)] if log else ["--log", "off"]
        with open(self.error_path, "wb") as errors:
            self.process = subprocess.Popen(
                [str(binary), "--listen", self.address, "--allow-private", "--connect-ports", "all", *logging, *flags],
                stdin=subprocess.DEVNULL, stdout=errors, stderr=errors, env=environment())
        if not wait_until(self._answers, 10):
            self.stop()
            sys.exit("apus does not accept connections:\n" + self.errors())

    def _answers(self):
        if self.process.poll() is not None:
            sys.exit(f"apus ended with status {self.process.returncode}:\n" + self.errors())
        with socket.socket() as probe:
            return probe.connect_ex(("127.0.0.1", self.port)) == 0

    def errors(self):
        return self.error_path.read_text(errors="replace") if self.error_path.exists() else ""

    @property
    def alive(self):
        return self.process.poll() is None

    def records(self):
        """The records so far; a line is read once it is whole."""
        if self.log_path.exists():
            with open(self.log_path, "rb") as file:
                file.seek(self._offset)
                text = file.read()
            whole = text.rfind(b"\n") + 1
            self._offset += whole
            self._records += [json.loads(line) for line in text[:whole].splitlines()]
        return self._records

    def find(self, wanted, since=0, count=1, seconds=5):
        """The records from index `since` on that have all wanted values; waits until there are `count`.

        A wanted path that ends in `*` is a prefix.
        """
        def matches(record):
            for name, value in wanted.items():
                found = record.get(FIELDS.get(name, name))
                if name == "path" and str(value).endswith("*"):
                    if not str(found).startswith(value[:-1]):
                        return False
                elif found != value:
                    return False
            return True

        found = []

        def look():
            found[:] = [record for record in self.records()[since:] if matches(record)]
            return len(found) >= count

        wait_until(look, seconds)
        return found

    def pss(self):
        """Proportional set size in bytes."""
        return pss(self.process.pid)

    def descriptors(self):
        """How many of the open descriptors are sockets, and how many are pipes' ends."""
        sockets = pipes = 0
        folder = f"/proc/{self.process.pid}/fd"
        for name in os.listdir(folder):
            try:
                target = os.readlink(f"{folder}/{name}")
            except OSError:
                continue
            sockets += target.startswith("socket:")
            pipes += target.startswith("pipe:")
        return sockets, pipes

    def stop(self, seconds=35):
        """Ends it by TERM, and by KILL if it does not; answers its exit status. The folder goes."""
        status = end(self.process, seconds)
        self.last_errors = self.errors()
        shutil.rmtree(self.folder, ignore_errors=True)
        return status

    def __enter__(self):
        return self

    def __exit__(self, *_):
        self.stop(3)


def pss(pid):
    """A process's proportional set size in bytes."""
    with open(f"/proc/{pid}/smaps_rollup", encoding="ascii") as file:
        return next(int(line.split()[1]) for line in file if line.startswith("Pss:")) * 1024


def mib(count):
    return f"{count / (1 << 20):.1f} MiB"


class Checks:
    """Counts what passed and what failed, and says so."""

    def __init__(self):
        self.passed = self.failed = 0

    def check(self, name, passed, detail=""):
        if passed:
            self.passed += 1
        else:
            self.failed += 1
        print(f"{'ok    ' if passed else 'FAILED'} {name}{': ' + detail if detail else ''}", flush=True)
        return passed

    def finish(self):
        """The summary line; the exit status."""
        print(f"{self.passed} passed, {self.failed} failed", flush=True)
        return 1 if self.failed else 0
