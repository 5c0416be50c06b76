"""The origins of scripts/soak, in a process of their own: one that behaves, and one that vanishes, resets, stalls and lies."""

import asyncio
import random
import re
import socket
import struct
import zlib

PATH = re.compile(rb"/s/(\d+)/([a-z-]+)(?:/(\d+))?")


def body_of(number, size):
    """A body that only this request has."""
    word = b"%08d " % number
    return (word * (size // len(word) + 1))[:size]


def reset(writer):
    """Closes by RST."""
    peer = writer.get_extra_info("socket")
    if peer is not None and peer.fileno() >= 0:
        peer.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
    writer.transport.abort()


async def read_head(reader):
    """(first line, fields by lower-case name); (b"", {}) at the end."""
    first = await reader.readline()
    fields = {}
    while line := (await reader.readline()).strip():
        name, _, value = line.partition(b":")
        fields[name.lower()] = value.strip()
    return first.strip(), fields


async def read_body(reader, fields, until_end=False):
    if fields.get(b"transfer-encoding", b"").lower() == b"chunked":
        blocks = []
        while size := int((await reader.readline()).split(b";")[0], 16):
            blocks.append(await reader.readexactly(size))
            await reader.readline()
        while (await reader.readline()).strip():
            pass
        return b"".join(blocks)
    if until_end and b"content-length" not in fields:
        return await reader.read()
    return await reader.readexactly(int(fields.get(b"content-length", 0)))


def chunked(body, size):
    return b"".join(b"%x\r\n%s\r\n" % (len(body[at:at + size]), body[at:at + size]) for at in range(0, len(body), size)) + b"0\r\n\r\n"


class Origin:
    """`seen` counts, by request number, how often a request came."""

    def __init__(self, seen):
        self.seen = seen

    async def serve(self, reader, writer):
        try:
            while await self.answer(reader, writer):
                pass
        except (OSError, EOFError, ValueError, asyncio.IncompleteReadError):
            pass
        finally:
            writer.close()

    async def answer(self, reader, writer):
        """Answers one request; whether another may follow."""
        first, fields = await read_head(reader)
        match = PATH.search(first)
        if not match:
            if first:
                await self.send(writer, b"HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nok")
            return bool(first)
        number, word, size = int(match[1]), match[2].decode(), int(match[3] or 0)
        self.seen[number] = min(self.seen[number] + 1, 255)
        return await getattr(self, word.replace("-", "_"))(reader, writer, fields, number, size)

    @staticmethod
    async def send(writer, text):
        writer.write(text)
        await writer.drain()

    # What behaves.

    async def get(self, _reader, writer, _fields, number, size):
        await self.send(writer, b"HTTP/1.1 200 OK\r\nContent-Length: %d\r\n\r\n%s" % (size, body_of(number, size)))
        return True

    async def chunked(self, _reader, writer, _fields, number, size):
        text = chunked(body_of(number, size), 1 + number % 5000)
        await self.send(writer, b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n" + text)
        return True

    async def close(self, _reader, writer, _fields, number, size):
        await self.send(writer, b"HTTP/1.1 200 OK\r\nConnection: close\r\n\r\n" + body_of(number, size))
        return False

    async def slow(self, _reader, writer, _fields, number, size):
        await self.send(writer, b"HTTP/1.1 200 OK\r\nContent-Length: %d\r\n\r\n" % size)
        body = body_of(number, size)
        for at in range(0, size, size // 10 + 1):
            await self.send(writer, body[at:at + size // 10 + 1])
            await asyncio.sleep(0.03)
        return True

    async def post(self, reader, writer, fields, number, size):
        body = await read_body(reader, fields)
        text = b"%d %d %d" % (number, len(body), zlib.crc32(body))
        await self.send(writer, b"HTTP/1.1 200 OK\r\nContent-Length: %d\r\n\r\n%s" % (len(text), text))
        return True

    # What does not.

    async def early(self, reader, writer, _fields, _number, _size):
        await self.send(writer, b"HTTP/1.1 200 OK\r\nContent-Length: 5\r\nConnection: close\r\n\r\nearly")
        writer.write_eof()
        await asyncio.wait_for(reader.read(1 << 22), 2)
        return False

    async def reset_at_once(self, _reader, writer, _fields, _number, _size):
        reset(writer)
        return False

    async def vanish_in_head(self, _reader, writer, _fields, number, _size):
        await self.send(writer, b"HTTP/1.1 200 OK\r\nContent-Le"[:number % 26])
        return False

    async def vanish_in_body(self, _reader, writer, _fields, number, _size):
        if number % 2:
            await self.send(writer, b"HTTP/1.1 200 OK\r\nContent-Length: 100000\r\n\r\n" + body_of(number, 1000))
        else:
            await self.send(writer, b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n3e8\r\n" + body_of(number, 900))
        return False

    async def reset_in_body(self, _reader, writer, _fields, number, _size):
        await self.send(writer, b"HTTP/1.1 200 OK\r\nContent-Length: 100000\r\n\r\n" + body_of(number, 1000))
        await asyncio.sleep(0.01)
        reset(writer)
        return False

    async def stall_in_head(self, reader, writer, _fields, number, _size):
        await self.send(writer, b"HTTP/1.1 200 OK\r\n"[:number % 17])
        await asyncio.wait_for(reader.read(), 10)
        return False

    async def stall_in_body(self, reader, writer, _fields, number, _size):
        await self.send(writer, b"HTTP/1.1 200 OK\r\nContent-Length: 100000\r\n\r\n" + body_of(number, 1000))
        await asyncio.wait_for(reader.read(), 10)
        return False

    async def never_read(self, _reader, writer, _fields, _number, _size):
        writer.transport.pause_reading()
        await asyncio.sleep(5)
        return False

    async def garbage(self, _reader, writer, _fields, number, _size):
        await self.send(writer, random.Random(number).choice([
            random.Random(number).randbytes(200), b"HTTP/1.1 200 OK\r\nContent-Length: 5\r\nContent-Length: 6\r\n\r\nabcdef",
            b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\nzz\r\nabc\r\n0\r\n\r\n", b"HTTP/1.1 999999 Much\r\n\r\n",
            b"HTTP/1.1 200 OK\r\nBad Name: x\r\n\r\n", b"\x16\x03\x01\x00\xff" + bytes(250), b"HTTP/1.1 101 Switching\r\n\r\n",
            b"HTTP/1.1 200 OK\nContent-Length: 1\n\nx", b"HTTP/1.1 200 OK\r\nX: " + b"y" * 200_000 + b"\r\n\r\n",
            b"HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nokHTTP/1.1 200 OK\r\nContent-Length: 4\r\n\r\nevil"]))
        return number % 2 == 0

    async def extra(self, _reader, writer, _fields, number, size):
        """A right answer with bytes behind it that nobody asked for.

        What comes in one piece with the answer must never reach a client. What comes late may meet a next request that is on the
        connection by then, and no proxy can tell it from the answer: it has another body.
        """
        text = b"HTTP/1.1 200 OK\r\nContent-Length: %d\r\n\r\n%s" % (size, body_of(number, size))
        if number % 2:
            await self.send(writer, text + b"HTTP/1.1 200 OK\r\nContent-Length: 4\r\n\r\nevil")
        else:
            await self.send(writer, text)
            await asyncio.sleep(0.01)
            await self.send(writer, b"HTTP/1.1 200 OK\r\nContent-Length: 4\r\n\r\nlate")
            return False
        return True


def run(listeners, seen):
    """Serves on the listeners for ever; the main function of the process."""
    async def serve():
        origin = Origin(seen)
        servers = [await asyncio.start_server(origin.serve, sock=listener, limit=1 << 20) for listener in listeners]
        await asyncio.gather(*[server.serve_forever() for server in servers])

    asyncio.run(serve())
