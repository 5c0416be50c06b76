"""Strict parsers for the two byte streams."""
import re


MIB = 1 << 20

TCHAR = frozenset(b"!#$%&'*+-.^_`|~0123456789"
                  b"abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ")
HEAD_END = re.compile(rb'\r?\n\r?\n')
CHUNK_LINE = re.compile(rb'([0-9A-Fa-f]{1,16})'
                        rb'((?:[ \t]*;[ \t]*[^\x00-\x1f\x7f;]+)*)')


class Message:
    """A parsed request or response; `flaws` lists what breaks the grammar."""

    def __init__(self):
        self.start_line = b''
        self.fields = []        # [(name, value)], as received
        self.trailers = []
        self.body = b''
        self.framing = 'none'   # none | length | chunked | close
        self.complete = False
        self.flaws = []
        self.raw_head = b''

    def all(self, name):
        name = name.lower()
        return [v for n, v in self.fields if n.lower() == name]

    def get(self, name):
        values = self.all(name)
        return b', '.join(values) if values else None

    def has_token(self, name, token):
        return token.lower() in tokens(self.get(name))


class Request(Message):
    method = target = version = b''


class Response(Message):
    version, status, reason = b'', 0, b''   # status 0: closed without a response
    interim = ()                            # the 1xx responses before this one


def tokens(value):
    """The lower-cased members of a comma-separated list."""
    return [p.strip(b' \t').lower() for p in (value or b'').split(b',') if p.strip(b' \t')]


def take_lines(buf, pos, flaws):
    """The lines up to the first empty line, and the position after it, or
    (None, None).  Each line keeps the CR of its CRLF; LF-only ends are seen."""
    found = HEAD_END.search(buf, pos)
    if not found:
        return None, None
    text = bytes(buf[pos:found.start()])
    if not found.group().endswith(b'\r\n'):
        flaws.append('bare LF ends the section')
    return (text + found.group()[:-1].split(b'\n')[0]).split(b'\n'), found.end()


def parse_fields(lines, flaws):
    """Field lines -> [(name, value)]; notes all that breaks the grammar."""
    fields = []
    for line in lines:
        if line.endswith(b'\r'):
            line = line[:-1]
        else:
            flaws.append('bare LF as a line end: %r' % line[:60])
        if b'\r' in line:
            flaws.append('bare CR: %r' % line[:60])
        if any((c < 32 and c not in (9, 13)) or c == 127 for c in line):
            flaws.append('control byte: %r' % line[:60])
        if line[:1] in (b' ', b'\t'):
            flaws.append('obs-fold or leading space: %r' % line[:60])
        name, colon, value = line.partition(b':')
        if not colon:
            flaws.append('no colon: %r' % line[:60])
            continue
        if not name or not TCHAR.issuperset(name):
            flaws.append('field name: %r' % name[:60])
        fields.append((name, value.strip(b' \t')))
    return fields


def parse_head(message, buf, pos):
    """Fills start_line and fields; returns the position after the head or None."""
    lines, end = take_lines(buf, pos, message.flaws)
    if lines is None:
        return None
    message.raw_head = bytes(buf[pos:end])
    first = lines[0]
    if not first.endswith(b'\r'):
        message.flaws.append('bare LF after the start line')
    message.start_line = first[:-1] if first.endswith(b'\r') else first
    if b'\r' in message.start_line or b'\0' in message.start_line:
        message.flaws.append('CR or NUL in the start line')
    message.fields = parse_fields(lines[1:], message.flaws)
    return end


def declared_framing(message):
    """(framing, length) as the fields say, noting every ambiguity as a flaw."""
    te, cl = message.all(b'transfer-encoding'), message.all(b'content-length')
    if te and cl:
        message.flaws.append('Content-Length and Transfer-Encoding together')
    if te:
        if [v.lower() for v in te] != [b'chunked']:
            message.flaws.append('Transfer-Encoding is not just chunked: %r' % te)
        if tokens(message.get(b'transfer-encoding'))[-1:] == [b'chunked']:
            return 'chunked', 0
    if cl:
        if len(cl) > 1:
            message.flaws.append('Content-Length more than once: %r' % cl)
        if not re.fullmatch(rb'[0-9]+', cl[0]):
            message.flaws.append('Content-Length value: %r' % cl[0][:40])
            return 'length', 0
        return 'length', int(cl[0])
    return 'none', 0


def dechunk(buf, pos, message):
    """Decodes chunks from pos; returns the end position, or None when more is
    needed, or -1 when the coding is broken (a flaw is noted)."""
    body = bytearray()
    while True:
        eol = buf.find(b'\n', pos)
        if eol < 0:
            message.body = bytes(body)
            return None
        line = bytes(buf[pos:eol])
        if not line.endswith(b'\r') or not CHUNK_LINE.fullmatch(line[:-1]):
            message.flaws.append('chunk size line: %r' % (line + b'\n')[:60])
            message.body = bytes(body)
            return -1
        size = int(CHUNK_LINE.fullmatch(line[:-1]).group(1), 16)
        pos = eol + 1
        if size == 0:
            break
        body += buf[pos:pos + size]
        if len(buf) < pos + size + 2:
            message.body = bytes(body)
            return None
        if buf[pos + size:pos + size + 2] != b'\r\n':
            message.flaws.append('no CRLF after chunk data')
            message.body = bytes(body)
            return -1
        pos += size + 2
    message.body = bytes(body)
    if buf[pos:pos + 2] == b'\r\n':
        return pos + 2
    lines, end = take_lines(buf, pos, message.flaws)
    if lines is not None:
        message.trailers = parse_fields(lines, message.flaws)
    return end


def parse_request(buf, pos=0):
    """(Request or None, end).  Request.complete tells whether all is there;
    end is None while more bytes are needed and -1 when framing is broken."""
    request = Request()
    end = parse_head(request, buf, pos)
    if end is None:
        return None, None
    parts = request.start_line.split(b' ')
    if len(parts) == 3 and re.fullmatch(rb'HTTP/1\.[01]', parts[2]) and TCHAR.issuperset(parts[0]):
        request.method, request.target, request.version = parts
        if any(c <= 32 or c == 127 for c in request.target):
            request.flaws.append('control byte or space in the request target')
    else:
        request.flaws.append('request line: %r' % request.start_line[:80])
        request.method, request.target = (parts + [b'', b''])[:2]
        request.version = parts[-1]
    if len(request.all(b'host')) != 1:
        request.flaws.append('%d Host fields' % len(request.all(b'host')))
    request.framing, length = declared_framing(request)
    if request.framing == 'chunked':
        end = dechunk(buf, end, request)
        request.complete = end is not None and end >= 0
        return request, end
    if length:
        request.body = bytes(buf[end:end + length])
        if len(buf) < end + length:
            return request, None
        end += length
    request.complete = True
    return request, end


def parse_requests(raw):
    """(complete requests, flaws, leftover bytes) of one origin connection."""
    done, flaws, pos = [], [], 0
    while pos < len(raw):
        request, end = parse_request(raw, pos)
        if request is not None:
            flaws += request.flaws
        if end is None or end < 0:
            break
        done.append(request)
        pos = end
    return done, flaws, bytes(raw[pos:])


def parse_response(buf, pos, method, eof):
    """(Response or None, end or None).  None, None: more bytes are needed."""
    response = Response()
    end = parse_head(response, buf, pos)
    if end is None:
        return None, None
    line = re.fullmatch(rb'(HTTP/[0-9]\.[0-9]) ([0-9]{3})(?: (.*))?', response.start_line, re.S)
    if not line:
        response.flaws.append('status line: %r' % response.start_line[:80])
        return response, end
    response.version, response.status = line[1], int(line[2])
    response.reason = line[3] or b''
    no_body = (method == b'HEAD' or response.status < 200 or response.status in (204, 304)
               or (method == b'CONNECT' and response.status < 300))
    if no_body:
        declared_framing(response)      # only for the form of CL and TE
        response.complete = True
        return response, end
    response.framing, length = declared_framing(response)
    if response.framing == 'chunked':
        stop = dechunk(buf, end, response)
        if stop is not None and stop >= 0:
            response.complete = True
            return response, stop
        return (response, len(buf)) if eof or stop == -1 else (None, None)
    if response.framing == 'length':
        response.body = bytes(buf[end:end + length])
        response.complete = len(response.body) == length
        return (response, end + len(response.body)) if eof or response.complete else (None, None)
    response.framing = 'close'
    response.body = bytes(buf[end:])
    response.complete = eof
    return (response, len(buf)) if eof else (None, None)
