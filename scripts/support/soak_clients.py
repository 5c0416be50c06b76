"""The clients of scripts/soak: those that behave and expect right answers, and those that vanish, reset, stall and send garbage."""

import asyncio
import random
import zlib

from soak_origin import body_of, chunked, read_body, read_head, reset

# What each origin's path does: see soak_origin.
RIGHT = ["get", "get", "get", "chunked", "close", "slow"]
WRONG = ["reset-at-once", "vanish-in-head", "vanish-in-body", "reset-in-body", "stall-in-head", "stall-in-body", "garbage", "extra"]
MALFORMED = [
    b"\x16\x03\x01\x02\x00\x01\x00\x01\xfc\x03\x03" + bytes(100), b"GET\r\n\r\n", b"\r\n" * 50, b"GET / HTTP/9.9\r\n\r\n",
    b"GET http://127.0.0.1:{port}/g HTTP/1.1\r\nHost : x\r\n\r\n", b"POST http://127.0.0.1:{port}/g HTTP/1.1\r\nHost: x\r\n"
    b"Content-Length: 5\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n", b"GET http://127.0.0.1:{port}/g HTTP/1.1\r\nHost: x\r\n fold\r\n\r\n",
    b"CONNECT 127.0.0.1 HTTP/1.1\r\n\r\n", b"GET /g HTTP/1.1\r\nHost: elsewhere\r\n\r\n", b"A" * 100_000, b"PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n",
    b"GET http://127.0.0.1:{port}/g HTTP/1.1\r\nHost: x\r\nX: " + b"y" * 70_000 + b"\r\n\r\n", b"GET http://169.254.169.254/g HTTP/1.1\r\nHost: x\r\n\r\n",
]


class Wrong(Exception):
    """A client that behaves got what it should not have."""


class Clients:
    """`answered` marks the requests of which a byte of an answer came; tunnels are counted, since they have no path."""

    def __init__(self, proxy_port, good_port, bad_port, dead_port, answered):
        self.proxy_port, self.good, self.bad, self.dead = proxy_port, good_port, bad_port, dead_port
        self.answered = answered
        self.issued = 0
        self.tunnels_sent = self.tunnels_answered = 0

    def number(self):
        self.issued += 1
        return self.issued

    async def open(self):
        return await asyncio.open_connection("127.0.0.1", self.proxy_port, limit=1 << 20)

    def head(self, port, number, word, size=0, method="GET", framing=""):
        return (f"{method} http://127.0.0.1:{port}/s/{number}/{word}/{size} HTTP/1.1\r\nHost: 127.0.0.1:{port}\r\n"
                f"User-Agent: soak\r\n{framing}\r\n").encode()

    async def response(self, reader, number):
        """(status, body, whether the connection goes on); marks the request as answered."""
        while True:
            first, fields = await read_head(reader)
            if not first:
                raise EOFError("closed instead of answered")
            self.answered[number] = 1
            status = int(first.split(b" ")[1])
            if status >= 200:
                break
        body = await read_body(reader, fields, until_end=True)
        framed = b"content-length" in fields or b"transfer-encoding" in fields
        return status, body, framed and b"close" not in fields.get(b"connection", b"").lower()

    async def right(self, reader, number, size):
        try:
            status, body, more = await self.response(reader, number)
        except (OSError, EOFError, asyncio.IncompleteReadError) as error:
            raise Wrong(f"request {number}: {error!r}") from error
        if status != 200 or body != body_of(number, size):
            raise Wrong(f"request {number}: status {status}, {len(body)} bytes: {body[:100]!r}")
        return more

    # Clients that behave, with an origin that does.

    async def one_after_another(self, rng):
        reader, writer = await self.open()
        more = True
        for _ in range(rng.randint(1, 12)):
            if not more:
                break
            number, word, size = self.number(), rng.choice(RIGHT), rng.choice([0, 10, 1000, 70_000, 400_000])
            if rng.random() < 0.3:
                more = await self.upload(rng, reader, writer, number, size)
                continue
            writer.write(self.head(self.good, number, word, size))
            more = await self.right(reader, number, size)
        writer.close()

    async def upload(self, rng, reader, writer, number, size):
        body = body_of(number, size)
        if rng.random() < 0.5:
            writer.write(self.head(self.good, number, "post", method="POST", framing="Transfer-Encoding: chunked\r\n"))
            writer.write(chunked(body, rng.randint(500, 50_000)))
        else:
            writer.write(self.head(self.good, number, "post", method="POST", framing=f"Content-Length: {size}\r\n") + body)
        try:
            status, told, more = await self.response(reader, number)
        except (OSError, EOFError, asyncio.IncompleteReadError) as error:
            raise Wrong(f"upload {number}: {error!r}") from error
        if status != 200 or told != b"%d %d %d" % (number, size, zlib.crc32(body)):
            raise Wrong(f"upload {number} of {size} bytes: status {status}, {told[:100]!r}")
        return more

    async def pipelined(self, rng):
        reader, writer = await self.open()
        asked = [(self.number(), rng.choice([0, 10, 5000, 100_000])) for _ in range(rng.randint(2, 8))]
        writer.write(b"".join(self.head(self.good, number, rng.choice(["get", "chunked"]), size) for number, size in asked))
        for number, size in asked:
            await self.right(reader, number, size)
        writer.close()

    async def drip(self, rng):
        reader, writer = await self.open()
        number = self.number()
        text = self.head(self.good, number, "get", 500)
        for at in range(0, len(text), 16):
            writer.write(text[at:at + 16])
            await asyncio.sleep(0.02)
        await self.right(reader, number, 500)
        writer.close()

    async def half_close(self, rng):
        """FIN behind the request: the answer still comes."""
        reader, writer = await self.open()
        number = self.number()
        writer.write(self.head(self.good, number, "slow", 5000))
        writer.write_eof()
        await self.right(reader, number, 5000)
        writer.close()

    async def connect(self, port):
        reader, writer = await self.open()
        self.tunnels_sent += 1
        writer.write(f"CONNECT 127.0.0.1:{port} HTTP/1.1\r\nHost: 127.0.0.1:{port}\r\n\r\n".encode())
        first, _ = await read_head(reader)
        if first:
            self.tunnels_answered += 1
        return reader, writer, first

    async def tunnel(self, rng):
        reader, writer, first = await self.connect(self.good)
        if b" 200" not in first:
            raise Wrong(f"CONNECT was answered with {first!r}")
        for _ in range(rng.randint(1, 5)):
            writer.write(b"GET /inside HTTP/1.1\r\nHost: x\r\n\r\n")
            _, fields = await read_head(reader)
            if await read_body(reader, fields) != b"ok":
                raise Wrong("other content in a tunnel")
        if rng.random() < 0.5:
            writer.write_eof()
            if await reader.read():
                raise Wrong("bytes behind the end of a tunnel")
        writer.close()

    # Clients that behave, with origins that do not: an answer or a close in time, never a wrong 200.

    async def with_bad_origin(self, rng):
        reader, writer = await self.open()
        for _ in range(rng.randint(1, 3)):
            number, word = self.number(), rng.choice(WRONG)
            writer.write(self.head(self.bad, number, word, 1000))
            try:
                status, body, more = await self.response(reader, number)
            except (OSError, EOFError, asyncio.IncompleteReadError, ValueError):
                break
            late = body == b"late"
            if body == b"evil" or (status == 200 and word == "extra" and body != body_of(number, 1000) and not late):
                raise Wrong(f"request {number} of {word}: the answer of another, {body[:100]!r}")
            if word not in ("extra", "garbage") and status == 200 and not late:
                raise Wrong(f"request {number} of {word}: a whole answer of {len(body)} bytes")
            if not more:
                break
        writer.close()

    async def upload_to_bad_origin(self, rng):
        reader, writer = await self.open()
        number = self.number()
        word = rng.choice(["early", "early", "never-read", "reset-at-once"])
        writer.write(self.head(self.bad, number, word, method="POST", framing="Content-Length: 6000000\r\n"))
        try:
            for _ in range(60):
                writer.write(body_of(number, 100_000))
                await writer.drain()
        except OSError:
            pass
        try:
            await self.response(reader, number)
        except (OSError, EOFError, asyncio.IncompleteReadError, ValueError):
            pass
        writer.close()

    async def dead_origin(self, rng):
        reader, writer = await self.open()
        number = self.number()
        writer.write(self.head(self.dead, number, "get", 10))
        status, _, _ = await self.response(reader, number)
        if status != 502:
            raise Wrong(f"a dead origin is answered with {status}")
        writer.close()

    # Clients that do not behave.

    def leave(self, rng, writer):
        if rng.random() < 0.5:
            reset(writer)
        else:
            writer.close()

    async def vanish_in_head(self, rng):
        _, writer = await self.open()
        text = self.head(self.good, self.number(), "get", 10)
        writer.write(text[:rng.randint(0, len(text) - 1)])
        await asyncio.sleep(rng.choice([0, 0.01]))
        self.leave(rng, writer)

    async def vanish_before_answer(self, rng):
        _, writer = await self.open()
        for _ in range(rng.choice([1, 1, 4])):
            writer.write(self.head(self.good, self.number(), rng.choice(["slow", "get"]), 100_000))
        await asyncio.sleep(rng.choice([0, 0.005, 0.05]))
        self.leave(rng, writer)

    async def vanish_in_answer(self, rng):
        reader, writer = await self.open()
        number = self.number()
        writer.write(self.head(self.good, number, rng.choice(["get", "chunked", "close"]), 3_000_000))
        if await reader.read(100):
            self.answered[number] = 1
        self.leave(rng, writer)

    async def vanish_in_upload(self, rng):
        _, writer = await self.open()
        framing = rng.choice(["Content-Length: 100000\r\n", "Transfer-Encoding: chunked\r\n"])
        writer.write(self.head(self.good, self.number(), "post", method="POST", framing=framing))
        if framing.startswith("T"):
            writer.write(b"ffff\r\n")
        writer.write(bytes(5000))
        await asyncio.sleep(rng.choice([0, 0.02]))
        self.leave(rng, writer)

    async def wait_for_end(self, reader, number=None):
        """Reads until the proxy closes."""
        try:
            while block := await reader.read(65536):
                if number and block:
                    self.answered[number] = 1
        except OSError:
            pass

    async def stall_in_upload(self, rng):
        reader, writer = await self.open()
        number = self.number()
        writer.write(self.head(self.good, number, "post", method="POST", framing="Content-Length: 100000\r\n") + bytes(100))
        await self.wait_for_end(reader, number)
        writer.close()

    async def stall_in_reading(self, rng):
        reader, writer = await self.open()
        number = self.number()
        writer.transport.pause_reading()
        writer.write(self.head(self.good, number, "get", 16_000_000))
        await asyncio.sleep(rng.uniform(1, 5))
        self.leave(rng, writer)

    async def slow_loris(self, rng):
        reader, writer = await self.open()
        text = self.head(self.good, self.number(), "get", 10)
        waiting = asyncio.ensure_future(self.wait_for_end(reader))
        try:
            for byte in text:
                if waiting.done():
                    break
                writer.write(bytes([byte]))
                await asyncio.sleep(0.3)
        except OSError:
            pass
        await waiting
        writer.close()

    async def garbage(self, rng):
        reader, writer = await self.open()
        text = rng.choice(MALFORMED + [rng.randbytes(rng.randint(1, 3000))])
        writer.write(text.replace(b"{port}", str(self.good).encode()))
        if rng.random() < 0.5:
            writer.write_eof()
        await self.wait_for_end(reader)
        writer.close()

    async def bad_chunks(self, rng):
        reader, writer = await self.open()
        number = self.number()
        writer.write(self.head(self.good, number, "post", method="POST", framing="Transfer-Encoding: chunked\r\n"))
        writer.write(b"5\r\nhello\r\n" + rng.choice([b"zz\r\n", b"-1\r\n", b"5\r\nhelloX", b"ffffffffffffffffff\r\n", b"0x5\r\nhello\r\n"]))
        await self.wait_for_end(reader, number)
        writer.close()

    async def vanish_from_tunnel(self, rng):
        _, writer, _ = await self.connect(rng.choice([self.good, self.bad, self.dead]))
        writer.write(rng.randbytes(rng.choice([0, 10, 50_000])))
        await asyncio.sleep(rng.choice([0, 0.02]))
        self.leave(rng, writer)

    async def idle(self, rng):
        """Nothing at all, on a connection or in a tunnel, until the proxy closes."""
        if rng.random() < 0.5:
            reader, writer, _ = await self.connect(self.good)
        else:
            reader, writer = await self.open()
        await self.wait_for_end(reader)
        writer.close()

    # How often each comes, in all about a third of it bad.
    WEIGHTS = {
        one_after_another: 30, pipelined: 12, drip: 4, half_close: 4, tunnel: 12, with_bad_origin: 10, upload_to_bad_origin: 2,
        dead_origin: 2, vanish_in_head: 4, vanish_before_answer: 5, vanish_in_answer: 4, vanish_in_upload: 4, stall_in_upload: 1,
        stall_in_reading: 1, slow_loris: 1, garbage: 6, bad_chunks: 3, vanish_from_tunnel: 5, idle: 1,
    }

    async def one(self, rng: random.Random):
        """One client's life, to its end; its name."""
        kind = rng.choices(list(self.WEIGHTS), list(self.WEIGHTS.values()))[0]
        try:
            await asyncio.wait_for(kind(self, rng), 45)
        except asyncio.TimeoutError as error:
            raise Wrong(f"{kind.__name__}: nothing ends it") from error
        except (OSError, EOFError, asyncio.IncompleteReadError) as error:
            # Only right answers are judged by their content; a client that misbehaves may be cut off at any point.
            if kind in (Clients.tunnel, Clients.dead_origin):
                raise Wrong(f"{kind.__name__}: {error!r}") from error
        return kind.__name__
