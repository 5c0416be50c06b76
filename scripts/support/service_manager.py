"""Does with apus.service and apus.socket what systemd does: holds the sockets, starts the service by systemd-socket-activate as its user,
hears what it tells, ends it. For a system in a folder that nobody has booted."""

import fcntl
import json
import os
import resource
import shlex
import signal
import socket
import subprocess
import sys
import threading
import time

UNITS = "usr/lib/systemd/system"
FIRST = 3


def unit(root, name):
    """The settings of a unit, each a list of values; a drop-in of the owner is read behind it."""
    places = [root / UNITS / name, *sorted((root / "etc/systemd/system" / f"{name}.d").glob("*.conf"))]
    found = {}
    for place in places:
        for line in place.read_text(encoding="utf-8").splitlines():
            key, separator, value = line.partition("=")
            if separator and not line.startswith(("#", ";")):
                found.setdefault(key, [])
                found[key] = found[key] + [value] if value else []
    return found


class ServiceManager:
    def __init__(self, root, log):
        self.root, self.log = root, log
        service, sockets = unit(root, "apus.service"), unit(root, "apus.socket")
        self.service = {key: values[-1] for key, values in service.items() if values}
        self.name = sockets["FileDescriptorName"][-1]
        self.sockets = []
        for address in sockets["ListenStream"]:
            host, port = address.rsplit(":", 1)
            self.sockets.append(socket.create_server((host.strip("[]"), int(port)), backlog=int(sockets["Backlog"][-1])))
        self.passwd = {line.split(":")[0]: line.split(":") for line in (root / "etc/passwd").read_text().splitlines()}
        self.told, self.process = [], None
        place = root / "run" / "notify"
        self.notify = socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM)
        self.notify.bind(str(place))
        os.chmod(place, 0o666)
        threading.Thread(target=self._hear, daemon=True).start()

    def _hear(self):
        while True:
            text = self.notify.recv(65536).decode(errors="replace")
            if not text:
                return
            self.told += text.splitlines()

    def start(self):
        """The service is started by the first client."""
        _, _, user, group, *_ = self.passwd[self.service["User"]]
        runtime = self.root / "run" / self.service["RuntimeDirectory"]
        runtime.mkdir(exist_ok=True)
        os.chown(runtime, int(user), int(group))
        runtime.chmod(0o755)
        self.told.clear()
        plan = {
            "root": str(self.root), "folder": self.service["WorkingDirectory"], "umask": int(self.service["UMask"], 8),
            "user": int(user), "group": int(group), "files": int(self.service["LimitNOFILE"]),
            "descriptors": [held.fileno() for held in self.sockets],
            "command": ["/usr/bin/systemd-socket-activate", f"--fdname={self.name}", "-E", "NOTIFY_SOCKET=/run/notify",
                        *[word for name in ("Runtime", "State", "Logs") for word in ("-E", self._folder(name))],
                        *shlex.split(self.service["ExecStart"])],
        }
        self.process = subprocess.Popen(
            [sys.executable, __file__, json.dumps(plan)], stdin=subprocess.DEVNULL, stdout=self.log, stderr=self.log,
            pass_fds=plan["descriptors"])

    def _folder(self, name):
        places = {"Runtime": "/run", "State": "/var/lib", "Logs": "/var/log"}
        return f"{name.upper()}_DIRECTORY={places[name]}/{self.service[name + 'Directory']}"

    def heard(self, line, seconds=20):
        end = time.monotonic() + seconds
        while line not in self.told and time.monotonic() < end and self.process.poll() is None:
            time.sleep(0.01)
        return line in self.told

    def program(self):
        """The file that the process runs, as the kernel names it."""
        return os.readlink(f"/proc/{self.process.pid}/exe")

    def stop(self):
        """Its status; None where it has to be killed after TimeoutStopSec."""
        self.process.send_signal(signal.SIGTERM)
        try:
            return self.process.wait(int(self.service["TimeoutStopSec"].rstrip("s")))
        except subprocess.TimeoutExpired:
            self.process.kill()
            self.process.wait()
            return None

    def close(self):
        if self.process and self.process.poll() is None:
            self.process.kill()
            self.process.wait()
        for held in self.sockets:
            held.close()
        (self.root / "run" / "notify").unlink(missing_ok=True)


def become(plan):
    """What systemd's child does between fork and exec."""
    # Out of the way first, so that none is overwritten by another that takes its number.
    moved = [fcntl.fcntl(descriptor, fcntl.F_DUPFD, 256) for descriptor in plan["descriptors"]]
    for index, descriptor in enumerate(moved):
        os.dup2(descriptor, FIRST + index, inheritable=True)
    os.closerange(FIRST + len(moved), 1024)
    resource.setrlimit(resource.RLIMIT_NOFILE, (min(plan["files"], resource.getrlimit(resource.RLIMIT_NOFILE)[1]),) * 2)
    os.chroot(plan["root"])
    os.chdir(plan["folder"])
    os.umask(plan["umask"])
    os.setgroups([])
    os.setgid(plan["group"])
    os.setuid(plan["user"])
    os.execve(plan["command"][0], plan["command"], {
        "PATH": "/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin", "LANG": "C.UTF-8",
        "LISTEN_FDS": str(len(moved)), "LISTEN_PID": str(os.getpid())})


if __name__ == "__main__":
    become(json.loads(sys.argv[1]))
