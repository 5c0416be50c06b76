"""What a binary is made of: the system's libraries that it wants, and the packages whose code is in it."""

import json
import pathlib
import re
import subprocess
import sys

ROOT = pathlib.Path(__file__).resolve().parents[2]
# The machine of an ELF header, as Debian calls it.
ARCHITECTURES = {62: "amd64", 183: "arm64"}
# Which compiler's libstdc++ brought a version of its symbols first (GCC's manual of libstdc++, ABI history).
GLIBCXX = {22: "6", 23: "7", 24: "7", 25: "8", 26: "9", 27: "9.2", 28: "9.3", 29: "11", 30: "12", 31: "13", 32: "13.2", 33: "14", 34: "15"}
CXXABI = {10: "6", 11: "7", 12: "9", 13: "11", 14: "13", 15: "14", 16: "15"}
GLIBC = re.compile(r"lib(c|m|dl|rt|pthread|util|resolv|anl)\.so\.|ld-linux")


def run(*command):
    done = subprocess.run([str(word) for word in command], capture_output=True, text=True, errors="replace")
    if done.returncode != 0:
        sys.exit(f"{command[0]} ended with status {done.returncode}:\n{done.stderr}")
    return done.stdout


def architecture(binary):
    with open(binary, "rb") as file:
        head = file.read(20)
    machine = int.from_bytes(head[18:20], "little")
    if head[:4] != b"\x7fELF" or machine not in ARCHITECTURES:
        sys.exit(f"{binary}: no program for {' or '.join(ARCHITECTURES.values())}")
    return ARCHITECTURES[machine]


def versions(binary):
    """The versions of symbols that it wants, by the library's name; every library that it needs has an entry."""
    needed = re.findall(r"\(NEEDED\)\s+Shared library: \[(.+?)\]", run("readelf", "-d", "-W", binary))
    found, library = {name: set() for name in needed}, None
    text = run("readelf", "-V", "-W", binary)
    for line in text[text.find("Version needs section"):].splitlines():
        file, name = re.search(r"File: (\S+)", line), re.search(r"Name: (\S+)", line)
        if file:
            library = found.setdefault(file.group(1), set())
        elif name and library is not None:
            library.add(name.group(1))
    return found


def number(text):
    return tuple(int(part) for part in text.split("."))


def debian(binary):
    """The packages of Debian that have the libraries, each with its least version, and the least glibc.

    Least versions are those of the symbols, so that a binary built on a new system says which older ones it runs on.
    """
    packages = {}

    def want(package, version):
        if package not in packages or number(version.split(":")[-1]) > number(packages[package].split(":")[-1]):
            packages[package] = version

    for library, symbols in versions(binary).items():
        if GLIBC.match(library):
            # GLIBC_ABI_DT_RELR is what 2.36 was the first to know; GLIBC_PRIVATE would be a fault.
            for symbol in symbols:
                want("libc6", "2.36" if symbol == "GLIBC_ABI_DT_RELR" else plain(symbol, "GLIBC_", library))
            continue
        if library == "libcrypt.so.1":
            # libxcrypt took over with 4.1; its later symbols bear their version.
            for symbol in symbols:
                least = symbol[len("XCRYPT_"):] if symbol.startswith("XCRYPT_") else "4.1"
                want("libcrypt1", "1:" + ("4.1.0" if number(least) < (4, 1) else least))
        elif library == "libgcc_s.so.1":
            for symbol in symbols:
                want("libgcc-s1", plain(symbol, "GCC_", library))
        elif library == "libstdc++.so.6":
            for symbol in symbols:
                table, place = (CXXABI, "CXXABI_1.3.") if symbol.startswith("CXXABI") else (GLIBCXX, "GLIBCXX_3.4.")
                at = symbol[len(place):] if symbol.startswith(place) else "0"
                if not at.isdigit() or (int(at) > max(table)):
                    sys.exit(f"{binary}: {library} of {symbol}: scripts/support/linked.py knows no GCC of it; add it to its table")
                want("libstdc++6", table.get(int(at), "5"))
        else:
            sys.exit(f"{binary} needs {library}, which no package is known for: it is to be linked with --static-swift-stdlib, and "
                     "scripts/support/linked.py has to know each library that is left")
    if "libc6" not in packages:
        sys.exit(f"{binary} wants no version of glibc: it is no program that was linked to it")
    return packages


def plain(symbol, prefix, library):
    if not re.fullmatch(re.escape(prefix) + r"\d+(\.\d+)+", symbol):
        sys.exit(f"{library} of {symbol}: no version that a package could be asked for")
    return symbol[len(prefix):]


def parts(binary, scratch, resolved):
    """The packages of Package.resolved whose code is in the binary, and the parts of Swift's own runtime: a list of what a bill of
    materials says of each. Told by its symbols, so that it holds what is there and not what might be."""
    symbols = [line.split()[-1] for line in run("nm", binary).splitlines() if line.split()]
    if not symbols:
        sys.exit(f"{binary} has no symbols any more: give the binary as the build left it")
    modules, names = set(), set(symbols)
    for symbol in symbols:
        match = re.match(r"\$s(\d+)", symbol)
        if match:
            modules.add(symbol[match.end():match.end() + int(match.group(1))])
    found = []
    pins = json.loads(pathlib.Path(resolved).read_text(encoding="utf-8"))["pins"]
    for pin in sorted(pins, key=lambda pin: pin["identity"]):
        place = re.sub(r"\.git$", "", pin["location"])
        folder = pathlib.Path(scratch) / "checkouts" / place.rsplit("/", 1)[1]
        if not folder.is_dir():
            sys.exit(f"{folder} is not there: build it first, or run swift package resolve")
        targets = {path.name for path in (folder / "Sources").iterdir() if path.is_dir()}
        if not targets & modules:
            continue
        version = pin["state"].get("version") or pin["state"]["revision"]
        found.append({
            "name": place.rsplit("/", 1)[1], "version": version, "url": place,
            "purl": f"pkg:swift/{place.split('://', 1)[1]}@{version}", "licence": licence(folder), "folder": folder})
    found += within(found)
    return found + runtime(names, modules)


def licence(folder):
    text = next(folder.glob("LICENSE*")).read_text(encoding="utf-8")
    if "Apache License" in text:
        return "Apache-2.0 WITH Swift-exception" if "Runtime Library Exception" in text else "Apache-2.0"
    if "Permission is hereby granted, free of charge" in text:
        return "MIT"
    sys.exit(f"{folder}: scripts/support/linked.py does not know its licence; teach it, and packaging/debian/copyright")


def within(found):
    """What packages, and this one, carry of others: C libraries as source."""
    carried = []
    for part in found:
        if part["name"] == "swift-crypto":
            text = (part["folder"] / "Sources" / "CCryptoBoringSSL" / "hash.txt").read_text(encoding="utf-8")
            revision = re.search(r"revision ([0-9a-f]{40})", text).group(1)
            carried.append({"name": "boringssl", "version": revision, "url": "https://boringssl.googlesource.com/boringssl",
                            "purl": f"pkg:generic/boringssl@{revision}?vcs_url=git%2Bhttps://boringssl.googlesource.com/boringssl%40{revision}",
                            "licence": "Apache-2.0 AND ISC", "folder": None})
    manifest = (ROOT / "Package.swift").read_text(encoding="utf-8")
    number = re.search(r'"YAML_VERSION_STRING", to: "\\"([0-9.]+)\\""', manifest)
    if not number:
        sys.exit("Package.swift names no version of the libyaml in Sources/CApusYaml")
    carried.append({"name": "libyaml", "version": number.group(1), "url": "https://github.com/yaml/libyaml",
                    "purl": f"pkg:github/yaml/libyaml@{number.group(1)}", "licence": "MIT",
                    "folder": ROOT / "Sources" / "CApusYaml" / "libyaml"})
    return carried


def runtime(names, modules):
    version = re.search(r"Swift version (\S+)", run("swift", "--version"))
    if not version:
        sys.exit("swift --version names no version")
    version = version.group(1)
    release = f"swift-{version}-RELEASE"
    here = [("swift", "swiftlang/swift", True),
            ("swift-corelibs-libdispatch", "swiftlang/swift-corelibs-libdispatch", "dispatch_once_f" in names),
            ("swift-foundation", "swiftlang/swift-foundation", "FoundationEssentials" in modules),
            ("swift-corelibs-foundation", "swiftlang/swift-corelibs-foundation", "Foundation" in modules),
            ("swift-foundation-icu", "swiftlang/swift-foundation-icu", any(name.startswith("icudt") for name in names))]
    return [{"name": name, "version": version, "url": f"https://github.com/{place}", "purl": f"pkg:github/{place}@{release}",
             "licence": "Apache-2.0 WITH Swift-exception" if name != "swift-foundation-icu" else "Unicode-3.0", "folder": None}
            for name, place, is_here in here if is_here]
