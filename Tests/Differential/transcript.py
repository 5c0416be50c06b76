"""What a conversation left: every byte that each end heard, and the records; as lines that two binaries must have alike."""
import json
import re

# What may differ from run to run: dates, ids, times, ports.
DATE = re.compile(rb"(Mon|Tue|Wed|Thu|Fri|Sat|Sun), \d\d \w{3} \d{4} \d\d:\d\d:\d\d GMT")
ID = re.compile(rb"\b[0-9a-f]{16}\b")
UNLIKE = {"id", "time", "client_port"}
LONG = 400
# Around a port: digits that stand in the middle of a random body are none.
BEFORE, BEHIND = rb"(?<![0-9a-f]{4})", rb"(?![0-9a-f]{4})"


def lines(talk, records, note=""):
    """The transcript of a talk that has ended."""
    ports = {b"%d" % origin.port: b"{%dp}" % number for number, origin in enumerate(talk.origins)}
    # A case has a port that overflows.
    ports.update({b"%d" % (origin.port + 65536): b"{%dp + 65536}" % number for number, origin in enumerate(talk.origins)})
    ports[b"%d" % talk.proxy[1]] = b"{proxy}"
    if getattr(talk, "closed", None):
        ports[b"%d" % talk.closed.port] = b"{closed}"
    ports = {re.compile(BEFORE + port + BEHIND): name for port, name in ports.items()}
    found = [f"story: {note}"] if note else []
    for number, client in enumerate(talk.clients):
        found += heard(f"client {number}", client, ports)
    for number, origin in enumerate(talk.origins):
        for index, peer in enumerate(origin.peers):
            found += heard(f"origin {number}.{index}", peer, ports)
    for number, line in enumerate(records):
        found += record(number, line, ports)
    return found


def heard(name, peer, ports):
    return [f"{name}: {line}" for line in text(bytes(peer.heard), ports)] + [f"{name} ended: {peer.ended or '-'}"]


def text(data, ports):
    """Bytes as lines; what is long is told by its length and its sum."""
    data = ID.sub(b"<id>", DATE.sub(b"<date>", data))
    for port, name in ports.items():
        data = port.sub(name, data)
    found = []
    for line in data.split(b"\r\n"):
        if len(line) > LONG:
            found.append(f"{line[:LONG]!r}… {len(line)} bytes, sum {sum(line) & 0xffffffff:x} {hash_of(line)}")
        else:
            found.append(repr(line)[2:-1])
    return found


def hash_of(data):
    """A sum that is the same in every process."""
    total = 0
    for byte in data:
        total = (total * 31 + byte) & 0xffffffff
    return f"{total:08x}"


def record(number, line, ports):
    """A line for each field of a record, in its order; of what may differ only that it is there."""
    found = []
    for name, value in json.loads(line).items():
        if name in UNLIKE or name.endswith("_us"):
            value = "-"
        data = ID.sub(b"<id>", json.dumps(value, ensure_ascii=False).encode())
        for port, word in ports.items():
            data = port.sub(word, data)
        found.append(f"record {number} {name}: {data.decode()}")
    return found
