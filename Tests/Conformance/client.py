"""The raw client, and how a case ends."""
import re
import select
import socket
import struct
import time

from wire import Response, parse_head, parse_response


SETTLE = 0.35           # quiet time after which "nothing more comes" is believed


class Fail(Exception):
    pass


class Skip(Exception):
    pass


class Client:
    """A raw connection to the proxy; `raw` is every byte that came back."""

    def __init__(self, address, deadline, rcvbuf=None, source=None):
        self.deadline = deadline
        self.raw, self.pos, self.eof, self.was_reset = bytearray(), 0, False, False
        family = socket.AF_INET6 if ':' in address[0] else socket.AF_INET
        self.sock = socket.socket(family, socket.SOCK_STREAM)
        if rcvbuf:
            self.sock.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, rcvbuf)
        self.sock.settimeout(5)
        try:
            if source:
                self.sock.bind((source, 0))
            self.sock.connect(address)
        except OSError as error:
            raise Fail('cannot connect to the proxy: %s' % error)
        self.sock.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        self.sock.setblocking(False)

    def left(self):
        return self.deadline - time.monotonic()

    def pump(self, seconds, data=b''):
        """Sends data while it reads; returns what was left unsent at the end
        of the time, at end of file, or when all was sent (if any)."""
        end = min(time.monotonic() + seconds, self.deadline)
        data = memoryview(data)
        sending = len(data) > 0
        while True:
            now = time.monotonic()
            if now >= end or self.eof or (sending and not data):
                return data
            readable, writable, _ = select.select([self.sock], [self.sock] if data else [], [], end - now)
            if readable:
                try:
                    got = self.sock.recv(262144)
                except BlockingIOError:
                    continue
                except OSError:
                    got, self.was_reset = b'', True
                self.raw += got
                self.eof = not got
                if got and not sending:
                    return data
            if writable and not self.eof:
                try:
                    data = data[self.sock.send(data):]
                except BlockingIOError:
                    pass
                except OSError:         # reset: what came before it stays readable
                    data = memoryview(b'')

    def send(self, data):
        self.pump(self.left(), data)
        return self

    def drip(self, data, pause=0.002):
        for i in range(len(data)):
            self.send(data[i:i + 1])
            time.sleep(pause)
        return self

    def response(self, method=b'GET', within=None, interim=True):
        """The next final response (1xx before it in .interim).  status 0: the
        proxy closed without one.  Fail when none is complete in time."""
        end = time.monotonic() + (within if within is not None else self.left())
        before = []
        while True:
            got, stop = parse_response(self.raw, self.pos, method, self.eof)
            if got is not None and stop is not None:
                self.pos = stop
                if 100 <= got.status < 200 and got.status != 101 and interim:
                    before.append(got)
                    continue
                got.interim = before
                return got
            if self.eof:
                lost = Response()
                lost.interim = before
                lost.flaws = ['closed after %d bytes: %r' % (len(self.raw) - self.pos, bytes(self.raw[self.pos:][:60]))]
                return lost
            if time.monotonic() >= min(end, self.deadline):
                raise Fail('no complete response in time; got %r' % bytes(self.raw[self.pos:][:80]))
            self.pump(min(end, self.deadline) - time.monotonic())

    def head_of_next(self, within=None):
        """Waits for the head of the next response only (its body may follow)."""
        end = time.monotonic() + (within if within is not None else self.left())
        while True:
            message = Response()
            stop = parse_head(message, self.raw, self.pos)
            if stop is not None:
                line = re.match(rb'(HTTP/[0-9.]+) ([0-9]{3})', message.start_line)
                if line:
                    message.version, message.status = line[1], int(line[2])
                self.pos = stop
                return message
            if self.eof:
                return Response()
            if time.monotonic() >= min(end, self.deadline):
                raise Fail('no response head in time; got %r' % bytes(self.raw[self.pos:][:80]))
            self.pump(min(end, self.deadline) - time.monotonic())

    def read(self, n, within=None):
        """Exactly n further bytes (fewer at end of file or out of time)."""
        end = time.monotonic() + (within if within is not None else self.left())
        while len(self.raw) - self.pos < n and not self.eof and time.monotonic() < end:
            self.pump(end - time.monotonic())
        data = bytes(self.raw[self.pos:self.pos + n])
        self.pos += len(data)
        return data

    def settle(self, seconds=SETTLE):
        """Collects until nothing came for so long; returns the unread bytes."""
        while not self.eof:
            before = len(self.raw)
            self.pump(seconds)
            if len(self.raw) == before:
                break
        return bytes(self.raw[self.pos:])

    def closed(self, within=3.0):
        """Does the proxy close within so many seconds?"""
        end = time.monotonic() + within
        while not self.eof and time.monotonic() < end:
            self.pump(end - time.monotonic())
        return self.eof

    def shut(self):
        self.sock.shutdown(socket.SHUT_WR)

    def reset(self):
        self.sock.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack('ii', 1, 0))
        self.sock.close()

    def close(self):
        self.sock.close()
