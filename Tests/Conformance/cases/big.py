"""64 MiB bodies, back-pressure, memory."""
import hashlib
import os
import socket
import threading
import time

from wire import MIB
from origin import head, reply
from client import Fail
from case import group


big = group('big')
BIG = 64 * MIB
BIG_BLOCK = hashlib.shake_256(b'conformance').digest(MIB)
BIG_HASH = hashlib.sha256(BIG_BLOCK * 64).digest()
MEMORY_LIMIT = 48 * MIB         # growth allowed while 64 MiB pass


def rss(pid):
    """Resident bytes of a process and all its descendants."""
    parents, total = {}, 0
    for name in os.listdir('/proc'):
        if name.isdigit():
            try:
                with open('/proc/%s/stat' % name) as file:
                    fields = file.read().rsplit(') ', 1)[1].split()
                parents[int(name)] = (int(fields[1]), int(fields[21]) * os.sysconf('SC_PAGE_SIZE'))
            except OSError:
                pass
    family, grown = {pid}, True
    while grown:
        more = {p for p, (parent, _) in parents.items() if parent in family} - family
        family |= more
        grown = bool(more)
    for p in family:
        total += parents.get(p, (0, 0))[1]
    return total


class Memory:
    """Within it, the memory of the proxy (--pid) must not grow by the body."""

    def __init__(self, t):
        self.t, self.pid, self.stop = t, t.options.pid, threading.Event()

    def watch(self):
        while not self.stop.wait(0.05):
            self.peak = max(self.peak, rss(self.pid))

    def __enter__(self):
        if self.pid:
            self.base = self.peak = rss(self.pid)
            threading.Thread(target=self.watch, daemon=True).start()
        return self

    def __exit__(self, kind, *_):
        self.stop.set()
        if self.pid and kind is None:
            grown = self.peak - self.base
            self.t.need(grown < MEMORY_LIMIT, 'memory grew by %d MiB for a 64 MiB body' % (grown // MIB))


def body_hash(read, framing_):
    """SHA-256 of a body taken from a file object, by length or chunked."""
    digest, total = hashlib.sha256(), 0
    if framing_ == 'chunked':
        while size := int(read.readline().split(b';')[0], 16):
            while size:
                part = read.read(min(size, 262144))
                if not part:
                    raise Fail('cut off inside a chunk')
                digest.update(part)
                total += len(part)
                size -= len(part)
            read.readline()
        while read.readline() not in (b'\r\n', b''):
            pass
    else:
        while total < BIG and (part := read.read(min(262144, BIG - total))):
            digest.update(part)
            total += len(part)
    return digest.digest(), total


def big_head(read):
    """(start line, {name: value}) read from a file object."""
    first, fields = read.readline(), {}
    while (line := read.readline()) not in (b'\r\n', b''):
        name, _, value = line.partition(b':')
        fields[name.lower()] = value.strip()
    return first, fields


def big_send(send, chunks_):
    for _ in range(64):
        send(b'100000\r\n' + BIG_BLOCK + b'\r\n' if chunks_ else BIG_BLOCK)
    if chunks_:
        send(b'0\r\n\r\n')


def big_transfer(t, up, chunks_):
    framing_ = b'Transfer-Encoding: chunked' if chunks_ else b'Content-Length: %d' % BIG
    seen = {}

    def script(c):
        c.sock.settimeout(20)
        read = c.sock.makefile('rb', 262144)
        line, fields = big_head(read)
        if up:
            seen['up'] = body_hash(read, 'chunked' if b'chunked' in fields.get(b'transfer-encoding', b'') else 'length')
            c.sock.sendall(reply(b'done'))
        else:
            c.sock.sendall(head(b'HTTP/1.1 200 OK', framing_, b'Cache-Control: no-store'))
            big_send(c.sock.sendall, chunks_)
        read.read(1)
    t.origin(script)
    with Memory(t):
        client = t.client()
        client.sock.setblocking(True)
        client.sock.settimeout(20)
        read = client.sock.makefile('rb', 262144)
        client.sock.sendall(t.req(b'POST' if up else b'GET', fields=[framing_] if up else []))
        if up:
            try:
                big_send(client.sock.sendall, chunks_)
            except OSError:
                pass                # the answer tells why
        line, fields = big_head(read)
        t.need(b' 200' in line, 'answer %r' % line[:60])
        if not up:
            chunked_ = b'chunked' in fields.get(b'transfer-encoding', b'')
            seen['down'] = body_hash(read, 'chunked' if chunked_ else 'length')
    digest, total = seen.get('up' if up else 'down', (b'', 0))
    t.need(digest == BIG_HASH, 'body differs: %d of %d bytes' % (total, BIG))


for _id, _title, _up, _chunked in [
        ('down-cl', '64 MiB download with CL', False, False), ('up-chunked', '64 MiB upload, chunked', True, True)]:
    @big('big-' + _id, _title + ': exact (and in little memory, with --pid)', 'RFC 9112 6.3; practice', 'good',
         serial=True, timeout=25)
    def _(t, up=_up, chunked_=_chunked):
        big_transfer(t, up, chunked_)


@big('big-stall-down', 'a client that does not read stops the origin (back-pressure)', 'practice', level='good', serial=True)
def _(t):
    sent = [0]

    def script(c):
        c.sock.setsockopt(socket.SOL_SOCKET, socket.SO_SNDBUF, 262144)
        if c.read_request():
            c.send(head(b'HTTP/1.1 200 OK', b'Content-Length: %d' % BIG, b'Cache-Control: no-store'))
            c.sock.settimeout(1.5)
            while sent[0] < BIG:
                try:
                    sent[0] += c.sock.send(BIG_BLOCK[:262144])
                except OSError:
                    break
    t.origin(script)
    c = t.client(t.req(), rcvbuf=262144)
    time.sleep(3)
    t.need(sent[0] > 0, 'no download began')
    t.need(sent[0] < 40 * MIB, 'the proxy took in %d MiB that nobody reads' % (sent[0] // MIB))
