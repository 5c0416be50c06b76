"""The scripted origin server."""
import socket
import struct
import threading
import time

from wire import HEAD_END, Request, declared_framing, parse_head, parse_request, parse_requests


class OriginConnection:
    """One connection that the proxy opened to the origin; `raw` is every byte."""

    def __init__(self, origin, sock):
        self.origin, self.sock = origin, sock
        self.raw, self.pos = bytearray(), 0
        self.ended = None           # None | 'eof' | 'reset'
        self.ended_at = None
        sock.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)

    def recv(self, timeout=20.0, size=65536):
        """Reads once into raw; b'' at the end, None when nothing came."""
        try:
            self.sock.settimeout(timeout)
            data = self.sock.recv(size)
        except (TimeoutError, BlockingIOError):
            return None
        except OSError:
            self.end('reset')
            return b''
        if not data:
            self.end('eof')
        self.raw += data
        return data

    def end(self, how):
        if self.ended is None:
            self.ended, self.ended_at = how, time.monotonic()

    def send(self, data, timeout=20.0):
        try:
            self.sock.settimeout(timeout)
            self.sock.sendall(data)
            return True
        except OSError:
            self.end('reset')
            return False

    def read_request(self):
        """The next request (maybe flawed, maybe incomplete) or None at the end."""
        while True:
            request, end = parse_request(self.raw, self.pos)
            if end is not None and end >= 0:
                self.pos = end
                return request
            if end == -1:                   # broken chunks: take what follows, too
                while self.recv(0.25):
                    pass
                self.pos = len(self.raw)
                return request
            if not self.recv():
                return None

    def read_head(self):
        """The next head only; the body stays unread (but buffered in raw)."""
        while True:
            request = Request()
            end = parse_head(request, self.raw, self.pos)
            if end is not None:
                request.method, request.target = (request.start_line.split(b' ') + [b''])[:2]
                request.framing, request.length = declared_framing(request)
                self.pos = end
                return request
            if not self.recv():
                return None

    def read_until_end(self, timeout=20.0):
        while self.recv(timeout):
            pass

    def shut(self):
        try:
            self.sock.shutdown(socket.SHUT_WR)
        except OSError:
            pass

    def close(self):
        try:
            self.sock.shutdown(socket.SHUT_RDWR)
        except OSError:
            pass
        self.sock.close()

    def reset(self):
        self.sock.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack('ii', 1, 0))
        self.sock.close()


class Origin:
    """A listener whose connections run a script in a thread each.

    script may be
        None                      answers every request with 200 `ok-N`
        bytes                     answers every request with these bytes
        [bytes, ...]              one for each request over all connections; the
                                  last is repeated; b'' closes the connection
        f(connection)             owns the connection from accept to close
    """

    def __init__(self, script=None, host='127.0.0.1', port=0, rcvbuf=None):
        family = socket.AF_INET6 if ':' in host else socket.AF_INET
        self.listener = socket.socket(family, socket.SOCK_STREAM)
        self.listener.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        if rcvbuf:
            self.listener.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, rcvbuf)
        self.listener.bind((host, port))
        self.listener.listen(512)
        self.host, self.port = host, self.listener.getsockname()[1]
        self.script, self.connections = script, []
        self.lock, self.count, self.closing = threading.Lock(), 0, False
        self.errors = []
        threading.Thread(target=self.accept, daemon=True).start()

    @property
    def authority(self):
        host = '[%s]' % self.host if ':' in self.host else self.host
        return ('%s:%d' % (host, self.port)).encode()

    def accept(self):
        while not self.closing:
            try:
                sock, _ = self.listener.accept()
            except OSError:
                return
            connection = OriginConnection(self, sock)
            with self.lock:
                self.connections.append(connection)
            threading.Thread(target=self.serve, args=(connection,), daemon=True).start()

    def serve(self, connection):
        try:
            if callable(self.script):
                self.script(connection)
            else:
                self.serve_requests(connection)
        except OSError:
            connection.end('reset')
        except Exception as error:          # a bug in a script must not hide
            self.errors.append(repr(error))

    def next_number(self):
        with self.lock:
            self.count += 1
            return self.count

    def serve_requests(self, connection):
        while (request := connection.read_request()) is not None:
            number = self.next_number()
            if self.script is None:
                answer = reply(b'ok-%d' % number, head_only=request.method == b'HEAD')
            elif isinstance(self.script, bytes):
                answer = self.script
            else:
                answer = self.script[min(number, len(self.script)) - 1]
            if not answer:
                return connection.close()
            if not connection.send(answer):
                return
        connection.close()

    # --- what the proxy sent ------------------------------------------------

    @property
    def raw(self):
        return b'\n=====\n'.join(bytes(c.raw) for c in list(self.connections))

    @property
    def requests(self):
        return [r for c in list(self.connections) for r in parse_requests(c.raw)[0]]

    def flaws(self):
        """Everything ungrammatical in what the proxy forwarded."""
        found = []
        for c in list(self.connections):
            _, flaws, rest = parse_requests(c.raw)
            found += flaws
            if rest and not flaws and HEAD_END.search(rest) is None:
                found.append('bytes that are no request: %r' % rest[:60])
        return found

    def wait_request(self, n=1, within=5.0):
        end = time.monotonic() + within
        while time.monotonic() < end:
            if len(self.requests) >= n:
                return True
            time.sleep(0.02)
        return False

    def wait_ended(self, within=5.0):
        """All connections closed by the proxy?"""
        end = time.monotonic() + within
        while time.monotonic() < end:
            if all(c.ended for c in self.connections):
                return True
            time.sleep(0.02)
        return False

    def close(self):
        self.closing = True
        try:
            self.listener.shutdown(socket.SHUT_RDWR)
        except OSError:
            pass
        self.listener.close()
        for c in list(self.connections):
            c.close()


def reply(body=b'ok', status=b'200 OK', fields=(), head_only=False, version=b'HTTP/1.1'):
    """A plain response with Content-Length; never to be stored by a cache."""
    lines = [version + b' ' + status, b'Cache-Control: no-store',
             b'Content-Length: %d' % len(body), *fields]
    return b'\r\n'.join(lines) + b'\r\n\r\n' + (b'' if head_only else body)


def head(*lines):
    """A raw head from its lines; the caller owns every byte of them."""
    return b'\r\n'.join(lines) + b'\r\n\r\n'


def chunked(*parts, trailers=()):
    """parts as a chunked body, with the last chunk and trailers."""
    out = b''.join(b'%x\r\n%s\r\n' % (len(p), p) for p in parts if p)
    return out + b'0\r\n' + b''.join(line + b'\r\n' for line in trailers) + b'\r\n'
