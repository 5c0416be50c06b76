"""One conversation: clients and origins on loopback, in one thread, byte by byte as a story tells it.

A story is a function of a `Talk`. It says bytes, waits for what must come of them, and ends connections; nothing in it depends on how
fast the machine is. A wait that is in vain ends the story, and the transcript says which one it was.
"""
import select
import socket
import struct
import sys
import time
import pathlib

sys.path.insert(0, str(pathlib.Path(__file__).resolve().parent.parent / "Conformance"))
from wire import parse_request, parse_response  # noqa: E402

PATIENCE = 4.0      # seconds for what must come; only a difference, or a story that is wrong, ever takes as long
GRACE = 0.5         # for the proxy to end by itself what the client has ended
PAUSE = 0.0005      # between two pieces, so that they are two reads


class InVain(Exception):
    """What was waited for did not come."""


class Peer:
    """One end of one connection; `heard` is every byte, `ended` how the other side ended it: '', 'fin' or 'rst'."""

    def __init__(self, talk, sock, name):
        self.talk, self.sock, self.name = talk, sock, name
        self.heard, self.read, self.ended, self.is_over = bytearray(), 0, "", False
        sock.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        sock.setblocking(False)

    def take(self):
        """Reads what is there."""
        try:
            block = self.sock.recv(1 << 18)
        except BlockingIOError:
            return
        except OSError:
            self.ended = "rst"
            return
        self.heard += block
        if not block:
            self.ended = "fin"

    def say(self, data, *cuts):
        """Sends bytes, in pieces that end at the cuts; what a closed connection does not take is dropped."""
        data, at = self.talk.fill(data), 0
        for cut in [*sorted(cut for cut in set(cuts) if 0 < cut < len(data)), len(data)]:
            if at:
                time.sleep(PAUSE)
            self.send(data[at:cut])
            at = cut
        return self

    def send(self, piece):
        piece, end = memoryview(piece), time.monotonic() + PATIENCE
        while piece and not self.is_over and self.ended != "rst":
            try:
                piece = piece[self.sock.send(piece):]
            except BlockingIOError:
                if time.monotonic() > end:
                    raise InVain(f"{self.name}: nobody takes what is sent") from None
                self.talk.pump(0.05)
            except OSError:
                return

    def hear(self, count):
        """The next so many bytes."""
        self.talk.wait(lambda: len(self.heard) - self.read >= count or self.ended, f"{self.name}: {count} bytes")
        data = bytes(self.heard[self.read:self.read + count])
        self.read += len(data)
        return data

    def hear_answer(self, method=b"GET"):
        """The next final response, whole or cut short by the end of the connection."""
        found = []

        def look():
            while True:
                response, end = parse_response(self.heard, self.read, method, bool(self.ended))
                if response is None or end is None:
                    return bool(self.ended)
                self.read = end
                if 100 <= response.status < 200 and response.status != 101:
                    continue
                found.append(response)
                return True

        self.talk.wait(look, f"{self.name}: an answer")
        return found[0] if found else None

    def hear_end(self):
        """That the other side ends the connection."""
        self.talk.wait(lambda: self.ended, f"{self.name}: the end")
        return self.ended

    def fin(self):
        """Ends its own side."""
        try:
            self.sock.shutdown(socket.SHUT_WR)
        except OSError:
            pass
        return self

    def rst(self):
        """Breaks the connection."""
        self.is_over = True
        self.sock.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
        self.sock.close()

    def close(self):
        self.is_over = True
        self.sock.close()


class Origin:
    """A listener, and the connections that came to it in their order."""

    def __init__(self, talk, host):
        self.talk, self.host = talk, host
        family = socket.AF_INET6 if ":" in host else socket.AF_INET
        self.listener = socket.socket(family, socket.SOCK_STREAM)
        self.listener.bind((host, 0))
        self.listener.listen(64)
        self.listener.setblocking(False)
        self.port = self.listener.getsockname()[1]
        self.peers = []

    def take(self):
        try:
            sock, _ = self.listener.accept()
        except OSError:
            return
        self.peers.append(Peer(self.talk, sock, f"origin {self.talk.origins.index(self)}.{len(self.peers)}"))

    def accept(self, number=0):
        """The connection of this number, when it has come."""
        self.talk.wait_or_answer(lambda: len(self.peers) > number, f"connection {number} at an origin")
        return self.peers[number]

    def hear_head(self):
        """The connection on which a new request's head has come."""
        return self._next(lambda peer: b"\r\n\r\n" in peer.heard[peer.read:], lambda peer: peer.heard.index(b"\r\n\r\n", peer.read) + 4)

    def hear_request(self):
        """The connection on which a new whole request has come."""
        def end(peer):
            request, at = parse_request(peer.heard, peer.read)
            return at if request is not None and at is not None and at > 0 else 0
        return self._next(end, end)

    def _next(self, is_there, end):
        self.talk.wait_or_answer(lambda: any(is_there(peer) for peer in self.peers), "a request at an origin")
        peer = next(peer for peer in self.peers if is_there(peer))
        peer.read = end(peer)
        return peer


class Talk:
    """What a story gets."""

    def __init__(self, proxy, source):
        self.proxy, self.source = proxy, source
        self.clients, self.origins = [], []
        self.answered = {}

    def client(self):
        """A client's connection, from the address that is this conversation's own."""
        sock = socket.socket()
        sock.bind((self.source, 0))
        sock.connect(self.proxy)
        self.clients.append(Peer(self, sock, f"client {len(self.clients)}"))
        return self.clients[-1]

    def origin(self, host="127.0.0.1"):
        self.origins.append(Origin(self, host))
        return self.origins[-1]

    def fill(self, data):
        """Replaces `{0}` by the authority of the first origin, and so on; `{0p}` is its port, `{proxy}` the proxy's authority."""
        for number, origin in enumerate(self.origins):
            host = f"[{origin.host}]" if ":" in origin.host else origin.host
            data = data.replace(b"{%d}" % number, f"{host}:{origin.port}".encode()).replace(b"{%dp}" % number, b"%d" % origin.port)
        return data.replace(b"{proxy}", b"127.0.0.1:%d" % self.proxy[1])

    def pump(self, seconds):
        """Reads and accepts what comes within a time; at once when something is there."""
        ends = {peer.sock: peer for peer in self.peers() if not peer.ended and not peer.is_over}
        ends.update({origin.listener: origin for origin in self.origins})
        for sock in select.select(list(ends), [], [], seconds)[0]:
            ends[sock].take()

    def peers(self):
        return [*self.clients, *(peer for origin in self.origins for peer in origin.peers)]

    def wait(self, condition, what):
        end = time.monotonic() + PATIENCE
        while not condition():
            left = end - time.monotonic()
            if left <= 0:
                raise InVain(what)
            self.pump(left)

    def wait_or_answer(self, condition, what):
        """Waits for something at an origin; in vain as well when the proxy has answered or ended instead."""
        def over():
            return any(client.ended or (not client.is_over and self.is_refused(client)) for client in self.clients)
        self.wait(lambda: condition() or over(), what)
        if not condition():
            raise InVain(what + ", the proxy answered itself")

    @staticmethod
    def is_refused(client):
        response, end = parse_response(client.heard, client.read, b"GET", False)
        return response is not None and end is not None and response.status >= 400

    def finish(self):
        """Ends what the story has left open, the clients first, and collects what still comes until the proxy has closed them."""
        for client in self.clients:
            if not client.is_over:
                client.fin()
        self.collect(GRACE, lambda peer: peer.ended)
        self.collect(PATIENCE, lambda peer: True)
        for peer in self.peers():
            peer.sock.close()
        for origin in self.origins:
            origin.listener.close()

    def collect(self, seconds, is_closed):
        """Reads until the clients' connections have ended, and meanwhile closes the origins' that are to be closed."""
        end = time.monotonic() + seconds
        while any(not client.ended and not client.is_over for client in self.clients) and time.monotonic() < end:
            for origin in self.origins:
                for peer in origin.peers:
                    if is_closed(peer) and not peer.is_over:
                        peer.close()
            self.pump(max(0, end - time.monotonic()))
