"""A bare Debian in a folder, made by debootstrap and kept as a tarball, and namespaces to run it in."""

import ctypes
import fcntl
import os
import pathlib
import shutil
import socket
import struct
import subprocess
import sys
import tempfile

from harness import ROOT

CLONE_NEWNS, CLONE_NEWNET = 0x00020000, 0x40000000
SIOCSIFFLAGS, IFF_UP = 0x8914, 1
NEEDED = {"debootstrap": "debootstrap", "chroot": "coreutils", "tar": "tar"}


def mirror():
    """(suite, address) that this machine's own apt is set up with."""
    system = dict(line.split("=", 1) for line in pathlib.Path("/etc/os-release").read_text().splitlines() if "=" in line)
    suite = system.get("VERSION_CODENAME", "").strip('"')
    text = subprocess.run(["apt-get", "indextargets", "--format", "$(RELEASE) $(SITE)", "Identifier: Packages", "Component: main"],
                          capture_output=True, text=True, check=True).stdout
    found = [line.split()[1] for line in text.splitlines() if line.split()[0] == suite]
    if not found:
        sys.exit(f"apt has no source for {suite or 'this system'}: it takes a Debian whose mirror is in /etc/apt")
    return suite, found[0]


def tarball():
    """The bare system as a tarball, made when it is not there yet."""
    if os.geteuid() != 0:
        sys.exit("a bare system is made and run by root")
    missing = [package for tool, package in NEEDED.items() if not shutil.which(tool)]
    if missing:
        sys.exit(f"install {' '.join(missing)}")
    suite, address = mirror()
    kept = ROOT / ".build" / f"bare-{suite}.tar"
    if not kept.exists():
        kept.parent.mkdir(exist_ok=True)
        with tempfile.TemporaryDirectory(prefix="apus-bare-") as folder:
            done = subprocess.run(["debootstrap", "--variant=minbase", suite, f"{folder}/root", address],
                                  stdin=subprocess.DEVNULL, capture_output=True, text=True, errors="replace")
            if done.returncode != 0:
                sys.exit(f"debootstrap of {suite} from {address}:\n{done.stdout[-2000:]}{done.stderr[-2000:]}")
            subprocess.run(["chroot", f"{folder}/root", "apt-get", "clean"], check=True)
            subprocess.run(["tar", "-C", f"{folder}/root", "-cf", f"{kept}.new", "."], check=True)
        os.replace(f"{kept}.new", kept)
    return kept


def isolate():
    """Moves this process into a network of its own, with loopback alone, and mounts of its own. Before any thread."""
    library = ctypes.CDLL(None, use_errno=True)
    if library.unshare(CLONE_NEWNS | CLONE_NEWNET) != 0:
        sys.exit(f"a network and mounts of its own: {os.strerror(ctypes.get_errno())}; it takes root with CAP_SYS_ADMIN")
    subprocess.run(["mount", "--make-rprivate", "/"], check=True)
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as any_socket:
        fcntl.ioctl(any_socket, SIOCSIFFLAGS, struct.pack("16sh14x", b"lo", IFF_UP))


class BareRoot:
    """The system, unpacked in a folder of its own."""

    def __init__(self):
        kept = tarball()
        self.path = pathlib.Path(tempfile.mkdtemp(prefix="apus-root-"))
        self.mounted = []
        subprocess.run(["tar", "-C", str(self.path), "-xpf", str(kept)], check=True)
        os.chmod(self.path, 0o755)
        # How names of the mirror are found is this machine's matter.
        shutil.copy("/etc/resolv.conf", self.path / "etc" / "resolv.conf")

    def run(self, *command, seconds=300):
        """A command inside: the ended process, with its text."""
        inside = {name: value for name, value in os.environ.items() if name.lower().endswith("_proxy")}
        return subprocess.run(
            ["chroot", str(self.path), *[str(word) for word in command]], stdin=subprocess.DEVNULL, stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT, text=True, errors="replace", timeout=seconds,
            env={**inside, "PATH": "/usr/sbin:/usr/bin:/sbin:/bin", "LC_ALL": "C.UTF-8", "DEBIAN_FRONTEND": "noninteractive"})

    def must(self, *command, seconds=300):
        done = self.run(*command, seconds=seconds)
        if done.returncode != 0:
            sys.exit(f"{' '.join(str(word) for word in command)}: status {done.returncode}\n{done.stdout[-4000:]}")
        return done.stdout

    def mount(self):
        """/proc, and /dev where debootstrap could not make it. Only after isolate(), so that they end with this process."""
        subprocess.run(["mount", "-t", "proc", "proc", str(self.path / "proc")], check=True)
        self.mounted.append(self.path / "proc")
        if not (self.path / "dev" / "null").is_char_device():
            subprocess.run(["mount", "--rbind", "/dev", str(self.path / "dev")], check=True)
            self.mounted.append(self.path / "dev")

    def remove(self):
        for place in reversed(self.mounted):
            subprocess.run(["umount", "--lazy", str(place)], check=True)
        if any(os.path.ismount(place) for place in self.mounted):
            return
        shutil.rmtree(self.path)
