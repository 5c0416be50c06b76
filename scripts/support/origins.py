"""The origins of scripts/clients: one HTTP server, with TLS or without, that serves files, git, echoes and WebSockets."""

import base64
import hashlib
import http.server
import os
import socketserver
import ssl
import struct
import subprocess
import threading
import urllib.parse

# The page of 30 resources, and what its script writes when all of them have come.
RESOURCES = 30
SVG = '<svg xmlns="http://www.w3.org/2000/svg" width="8" height="8"><rect width="8" height="8"/><!-- %d --></svg>'


def text_of(path):
    """The body of /text/…: some kilobytes that only this path has."""
    return "".join(f"{path} line {number}\n" for number in range(200)).encode()


def page_of(token):
    images = "".join(f'<img src="/image/{token}/{number}.svg">' for number in range(RESOURCES - 2))
    return f"""<!DOCTYPE html><html><head><meta charset="utf-8"><link rel="icon" href="data:,">
<link rel="stylesheet" href="/style/{token}.css"></head><body><p id="told">waiting</p>{images}
<script src="/script/{token}.js"></script></body></html>""".encode()


SCRIPT = b"""addEventListener("load", () => {
  const came = [...document.images].filter((image) => image.complete && image.naturalWidth === 8).length;
  const styled = getComputedStyle(document.body).marginTop === "31px";
  document.getElementById("told").textContent = came + " images came, style " + styled;
});
"""
TOLD = f"{RESOURCES - 2} images came, style true"


class Handler(http.server.BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"
    # Headers and body leave in one write; what a client resets is no news.
    wbufsize = -1
    disable_nagle_algorithm = True

    def log_message(self, *_):
        pass

    def route(self):
        path = urllib.parse.urlsplit(self.path).path
        kind = path.split("/")[1]
        if kind == "git":
            self.git(path)
        elif kind == "files":
            self.file(path)
        elif kind == "text":
            self.content(text_of(self.path), "text/plain")
        elif kind == "echo":
            body = self.body()
            framing = "chunked" if self.headers.get("Transfer-Encoding") else "length"
            self.answer(200, f"{self.command} {framing} {len(body)} {hashlib.sha256(body).hexdigest()}".encode())
        elif kind == "socket":
            self.web_socket()
        elif kind == "page":
            self.content(page_of(path.split("/")[2]), "text/html")
        elif kind == "image":
            self.content((SVG % len(path)).encode(), "image/svg+xml")
        elif kind == "style":
            self.content(b"body { margin-top: 31px }", "text/css")
        elif kind == "script":
            self.content(SCRIPT, "text/javascript")
        else:
            self.answer(404, b"nothing here\n")

    do_GET = do_HEAD = do_POST = do_PUT = route

    def answer(self, status, body, kind="text/plain", **fields):
        self.send_response(status)
        self.send_header("Content-Type", kind)
        self.send_header("Content-Length", str(len(body)))
        for name, value in fields.items():
            self.send_header(name.replace("_", "-"), value)
        self.end_headers()
        if self.command != "HEAD":
            self.wfile.write(body)
        self.wfile.flush()

    def content(self, body, kind):
        """A body, or the single range of it that is asked for."""
        wanted = self.headers.get("Range", "")
        if not wanted.startswith("bytes="):
            return self.answer(200, body, kind, Accept_Ranges="bytes")
        first, last = wanted[len("bytes="):].split("-")
        begin, end = int(first), min(int(last or len(body)), len(body) - 1)
        return self.answer(206, body[begin:end + 1], kind, Content_Range=f"bytes {begin}-{end}/{len(body)}")

    def body(self):
        if self.headers.get("Transfer-Encoding", "").lower() != "chunked":
            return self.rfile.read(int(self.headers.get("Content-Length", 0)))
        blocks = []
        while size := int(self.rfile.readline().split(b";")[0], 16):
            blocks.append(self.rfile.read(size))
            self.rfile.readline()
        while self.rfile.readline().strip():
            pass
        return b"".join(blocks)

    def file(self, path):
        """A file, or the list of a folder, as a plain mirror has it."""
        place = os.path.normpath(self.server.folder + path)
        if os.path.isdir(place):
            links = "".join(f'<a href="{name}">{name}</a>\n' for name in sorted(os.listdir(place)))
            return self.content(f"<!DOCTYPE html><html><body>{links}</body></html>".encode(), "text/html")
        if not place.startswith(self.server.folder) or not os.path.isfile(place):
            return self.answer(404, b"no such file\n")
        with open(place, "rb") as file:
            return self.content(file.read(), "application/octet-stream")

    def git(self, path):
        """git http-backend by CGI; everybody may push."""
        body = self.body()
        variables = {
            "PATH": os.environ["PATH"], "GIT_PROJECT_ROOT": self.server.folder + "/git", "GIT_HTTP_EXPORT_ALL": "1",
            "GATEWAY_INTERFACE": "CGI/1.1", "SERVER_PROTOCOL": "HTTP/1.1", "REMOTE_USER": "tester",
            "REQUEST_METHOD": self.command, "PATH_INFO": path[len("/git"):], "REMOTE_ADDR": "127.0.0.1",
            "QUERY_STRING": urllib.parse.urlsplit(self.path).query, "CONTENT_LENGTH": str(len(body)),
            "CONTENT_TYPE": self.headers.get("Content-Type", ""), "HOME": self.server.folder,
        }
        for name in ["Content-Encoding", "Git-Protocol"]:
            if self.headers.get(name):
                variables["HTTP_" + name.upper().replace("-", "_")] = self.headers[name]
        output = subprocess.run(["git", "http-backend"], input=body, stdout=subprocess.PIPE, env=variables, check=False).stdout
        head, _, content = output.partition(b"\r\n\r\n")
        fields = dict(line.split(": ", 1) for line in head.decode().split("\r\n") if ": " in line)
        status = int(fields.pop("Status", "200").split()[0])
        self.answer(status, content, fields.pop("Content-Type", "text/plain"), **fields)

    def web_socket(self):
        """RFC 6455: echoes each message until the client closes."""
        key = self.headers.get("Sec-WebSocket-Key", "")
        if self.headers.get("Upgrade", "").lower() != "websocket" or not key:
            return self.answer(426, b"a WebSocket is spoken here\n", Upgrade="websocket")
        self.send_response(101)
        self.send_header("Upgrade", "websocket")
        self.send_header("Connection", "Upgrade")
        self.send_header("Sec-WebSocket-Accept", accept_key(key))
        self.end_headers()
        self.wfile.flush()
        self.close_connection = True
        while True:
            opcode, message = read_frame(self.rfile)
            self.wfile.write(frame(opcode, message))
            self.wfile.flush()
            if opcode == 8:
                return None


def accept_key(key):
    """What a WebSocket server proves with (RFC 6455 §4.2.2)."""
    return base64.b64encode(hashlib.sha1((key + "258EAFA5-E914-47DA-95CA-C5AB0DC85B11").encode()).digest()).decode()


def frame(opcode, message, mask=b""):
    """One final frame (RFC 6455 §5.2); a client's has a mask of four bytes."""
    bit = 0x80 if mask else 0
    head = bytes([0x80 | opcode])
    if len(message) < 126:
        head += bytes([bit | len(message)])
    elif len(message) < 65536:
        head += bytes([bit | 126]) + struct.pack(">H", len(message))
    else:
        head += bytes([bit | 127]) + struct.pack(">Q", len(message))
    return head + mask + (masked(message, mask) if mask else message)


def read_frame(stream):
    first, second = stream.read(2)
    length = second & 0x7F
    if length == 126:
        length = struct.unpack(">H", stream.read(2))[0]
    elif length == 127:
        length = struct.unpack(">Q", stream.read(8))[0]
    mask = stream.read(4) if second & 0x80 else b""
    message = stream.read(length)
    return first & 0x0F, masked(message, mask) if mask else message


def masked(message, mask):
    keys = (mask * (len(message) // 4 + 1))[:len(message)]
    return (int.from_bytes(message, "big") ^ int.from_bytes(keys, "big")).to_bytes(len(message), "big")


class Server(socketserver.ThreadingMixIn, http.server.HTTPServer):
    daemon_threads = True
    request_queue_size = 128

    def handle_error(self, *_):
        """What a client breaks off is its own business; what it got is judged at its end."""


class Origin:
    """A server on a free port of loopback, with `folder` behind /git and /files; with TLS if it is given a certificate."""

    def __init__(self, folder, certificate=None):
        self.server = Server(("127.0.0.1", 0), Handler)
        self.server.folder = str(folder)
        self.port = self.server.server_address[1]
        self.scheme = "https" if certificate else "http"
        self.url = f"{self.scheme}://127.0.0.1:{self.port}"
        if certificate:
            context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
            context.load_cert_chain(*certificate)
            # The handshake is the connection's own thread's, not the accepting one's.
            self.server.socket = context.wrap_socket(self.server.socket, server_side=True, do_handshake_on_connect=False)
        threading.Thread(target=self.server.serve_forever, daemon=True).start()
