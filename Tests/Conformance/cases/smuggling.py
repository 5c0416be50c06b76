"""Requests and responses whose framing two readers could see differently."""
from origin import chunked, head, reply
from case import attack, group, hostile


# --- smuggling: requests ---------------------------------------------------

smuggling = group('smuggling')

# One body that two framings read in two ways.  By Content-Length it is one
# message of {n5} bytes; by chunked it is empty and a request for /smuggled follows.
DUAL_BODY = b'0\r\n\r\n{s}'

TE_OBFUSCATIONS = [
    # id, title, the Transfer-Encoding line(s), source
    # All of them: RFC 9112 6.3 item 4, "If a Transfer-Encoding header field is
    # present in a request and the chunked transfer coding is not the final
    # encoding ... the server MUST respond with the 400 (Bad Request) status code".
    ('te-xchunked', 'TE: xchunked with CL', b'Transfer-Encoding: xchunked', 'RFC 9112 6.1, 6.3'),
    ('te-space-colon', 'space before the colon of TE, with CL', b'Transfer-Encoding : chunked', 'RFC 9112 5.1'),
    ('te-formfeed', 'form feed after chunked, with CL', b'Transfer-Encoding: chunked\x0c', 'RFC 9110 5.5'),
    ('te-not-final', 'TE: chunked, identity with CL', b'Transfer-Encoding: chunked, identity', 'RFC 9112 6.3'),
    ('te-param', 'TE: chunked;q=1 with CL', b'Transfer-Encoding: chunked;q=1', 'RFC 9112 7.1'),
    ('te-leading-space', 'a space before the TE line (first field), with CL',
     None, 'RFC 9112 2.2'),
    ]


def te_obfuscation(id, title, line, source):
    @smuggling('smug-' + id, title, source)
    def _(t):
        if line is None:
            # RFC 9112 2.2: reject, or "consume each whitespace-preceded line"
            raw = b'POST {u} HTTP/1.1\r\n Transfer-Encoding: chunked\r\nHost: {h}\r\nContent-Length: {n5}\r\n\r\n'
            return attack(t, raw + DUAL_BODY, bodies=[DUAL_BODY])
        raw = b'POST {u} HTTP/1.1\r\nHost: {h}\r\nContent-Length: {n5}\r\n' + line + b'\r\n\r\n'
        # a bare CR may be replaced by SP (RFC 9112 2.2): then only CL is left
        attack(t, raw + DUAL_BODY, bodies=[DUAL_BODY] if b'\r' in line and b'\r\n' not in line else None)


for row in TE_OBFUSCATIONS:
    te_obfuscation(*row)


@smuggling('smug-cl-te', 'CL.TE: both, chunked ends early, a request follows', 'RFC 9112 6.1, 6.3')
def _(t):
    # 6.1: MAY reject, or process by TE alone; "Regardless, the server MUST close
    # the connection after responding": so the bytes after it are not a request.
    attack(t, b'POST {u} HTTP/1.1\r\nHost: {h}\r\nContent-Length: {n5}\r\nTransfer-Encoding: chunked\r\n\r\n' + DUAL_BODY,
           bodies=[b''])


@smuggling('smug-te-http10', 'TE: chunked in an HTTP/1.0 request with CL', 'RFC 9112 6.1')
def _(t):
    # "MUST treat the message as if the framing is faulty ... and close the
    # connection after processing the message."
    attack(t, b'POST {u} HTTP/1.0\r\nHost: {h}\r\nConnection: keep-alive\r\nContent-Length: {n5}\r\n'
              b'Transfer-Encoding: chunked\r\n\r\n' + DUAL_BODY, bodies=[b''])


@smuggling('smug-te-uppercase', 'TE: CHUNKED is chunked', 'RFC 9112 7')
def _(t):
    attack(t, b'POST {u} HTTP/1.1\r\nHost: {h}\r\nTransfer-Encoding: CHUNKED\r\n\r\n5\r\nhello\r\n0\r\n\r\n',
           bodies=[b'hello'], statuses=())


@smuggling('smug-te-underscore', 'Transfer_Encoding is an ordinary field; CL frames', 'RFC 9110 5.1')
def _(t):
    attack(t, b'POST {u} HTTP/1.1\r\nHost: {h}\r\nContent-Length: {n5}\r\nTransfer_Encoding: chunked\r\n\r\n' + DUAL_BODY,
           bodies=[DUAL_BODY])


CONTENT_LENGTHS = [
    # id, title, field lines, bodies allowed (None: must be refused), hang, source
    # RFC 9112 6.3 item 5: invalid CL "MUST respond with the 400 (Bad Request)
    # status code and then close", unless it is a list of one valid value.
    ('cl-plus', 'CL: +5', b'Content-Length: +5', None, False, 'RFC 9112 6.3'),
    ('cl-hex', 'CL: 0x5', b'Content-Length: 0x5', None, False, 'RFC 9112 6.3'),
    ('cl-space', 'CL: 5 5', b'Content-Length: 5 5', None, False, 'RFC 9112 6.3'),
    ('cl-differ', 'two CL lines that differ', b'Content-Length: 5\r\nContent-Length: {n5}', None, False, 'RFC 9112 6.3'),
    ('cl-same', 'two equal CL lines', b'Content-Length: 5\r\nContent-Length: 5', [b'hello'], False, 'RFC 9112 6.3'),
    ('cl-list-same', 'CL: 5, 5', b'Content-Length: 5, 5', [b'hello'], False, 'RFC 9112 6.3'),
    ('cl-space-colon', 'space before the colon of CL', b'Content-Length : 5', None, False, 'RFC 9112 5.1'),
]


def content_length(id, title, lines, bodies, hang, source):
    @smuggling('smug-' + id, title, source)
    def _(t):
        # CL: 5 (once or repeated) is followed by a second request only where
        # the first must be refused; else the second would be genuine
        tail = b'' if bodies or hang else b'{s}'
        attack(t, b'POST {u} HTTP/1.1\r\nHost: {h}\r\n' + lines + b'\r\n\r\nhello' + tail, bodies=bodies, hang=hang)


for row in CONTENT_LENGTHS:
    content_length(*row)

FIELD_BYTES = [
    # id, title, field line(s) of a GET, silent close will do, source
    # Forwarding is fine when the bad byte was replaced (RFC 9112 2.2, 5.2; RFC
    # 9110 5.5) or, for a line that is no field, when it was left out.  Only for
    # obs-fold the RFC wants a refusal to be "a 400 (Bad Request) response".
    ('bare-cr', 'bare CR in a field value', b'X-A: one\rX-B: two', True, 'RFC 9112 2.2'),
    ('nul', 'NUL in a field value', b'X-A: one\x00two', True, 'RFC 9110 5.5'),
    ('obs-fold', 'obs-fold in a field', b'X-A: one\r\n two', False, 'RFC 9112 5.2'),
    ('empty-name', 'field with an empty name', b': one', True, 'RFC 9112 5'),
    ('crcrlf', 'CR CR LF as a line end', b'X-A: one\r\r\nX-B: two', True, 'RFC 9112 2.2'),
]


def field_bytes(id, title, lines, silent, source):
    @smuggling('smug-' + id, title, source)
    def _(t):
        attack(t, b'GET {u} HTTP/1.1\r\nHost: {h}\r\n' + lines + b'\r\n\r\n', bodies=[b''], silent=silent)


for row in FIELD_BYTES:
    field_bytes(*row)

CHUNKS = [
    # id, title, chunked body, bodies allowed, refusal allowed, source
    ('chunk-ext', 'an unknown chunk extension is ignored', b'5;a=b;c="d"\r\nhello\r\n0\r\n\r\n',
     [b'hello'], False, 'RFC 9112 7.1.1'),
    ('chunk-ext-lf', 'bare LF ends a chunk extension', b'5;a\nhello\r\n0\r\n\r\n{s}',
     None, True, 'RFC 9112 7.1; TERM.EXT, CVE-2025-55315'),
    ('chunk-overflow', 'chunk size of 2^64+5 is not 5', b'10000000000000005\r\nhello\r\n0\r\n\r\n{s}',
     None, True, 'RFC 9112 7.1'),
    ('chunk-plus', 'chunk size +5', b'+5\r\nhello\r\n0\r\n\r\n{s}', None, True, 'RFC 9112 7.1'),
    ('chunk-empty-size', 'empty chunk size line', b'\r\nhello\r\n0\r\n\r\n{s}', None, True, 'RFC 9112 7.1'),
    ('chunk-no-crlf', 'no CRLF after the chunk data', b'5\r\nhello0\r\n\r\n{s}', None, True, 'RFC 9112 7.1'),
    ('chunk-lf', 'bare LF after chunk size and data', b'5\nhello\n0\n\n', [b'hello'], True, 'RFC 9112 2.2, 7.1'),
    ]


def chunks(id, title, body, bodies, refuse, source):
    @smuggling('smug-' + id, title, source)
    def _(t):
        def extra(request):
            for name in (b'content-length', b'transfer-encoding'):
                bad = [n for n, v in request.trailers if n.lower() == name]
                t.need(not bad, 'framing field forwarded in the trailers')
        # part of the body may be on its way already when the fault is seen, so
        # a 5xx or a plain close will do, too, as long as the message stays open
        attack(t, b'POST {u} HTTP/1.1\r\nHost: {h}\r\nTransfer-Encoding: chunked\r\n\r\n' + body,
               bodies=bodies, statuses=(4, 5) if refuse else (), silent=refuse, extra=extra,
               hang=id == 'chunk-overflow')        # a wide integer may wait for so many bytes


for row in CHUNKS:
    chunks(*row)


@smuggling('smug-trailing', 'junk after a bodiless request does not reach the origin', 'RFC 9112 2.2')
def _(t):
    o = t.origin()
    c = t.client(t.req() + b'junk junk\r\n\r\n')
    t.ok(c.response())
    c.settle()
    t.clean(1)
    t.need(b'junk' not in o.raw, 'junk reached the origin')


# --- smuggling: responses --------------------------------------------------

EVIL = b'HTTP/1.1 200 OK\r\nContent-Length: 4\r\n\r\nevil'

HOSTILE_RESPONSES = [
    # id, title, response bytes, bodies allowed (None: 502 only), may be cut, source
    # RFC 9112 6.3 item 5, response received by a proxy: "MUST close the connection
    # to the server, discard the received response, and send a 502".
    ('resp-cl-te', 'CL and TE both in a response',
     head(b'HTTP/1.1 200 OK', b'Content-Length: 40', b'Transfer-Encoding: chunked') + chunked(b'hello'),
     [b'hello'], False, 'RFC 9112 6.3'),
    ('resp-cl-differ', 'two CL that differ in a response',
     head(b'HTTP/1.1 200 OK', b'Content-Length: 5', b'Content-Length: 10') + b'hello',
     None, False, 'RFC 9112 6.3'),
    ('resp-cl-minus', 'CL: -1 in a response', head(b'HTTP/1.1 200 OK', b'Content-Length: -1') + b'hello',
     None, False, 'RFC 9112 6.3'),
    ('resp-bare-cr', 'bare CR in a response field', head(b'HTTP/1.1 200 OK', b'Content-Length: 5', b'X-A: a\rSet-Cookie: b=c') + b'hello',
     [b'hello'], False, 'RFC 9112 2.2'),
    ('resp-obs-fold', 'obs-fold in a response', head(b'HTTP/1.1 200 OK', b'Content-Length: 5', b'X-A: a', b' b') + b'hello',
     [b'hello'], False, 'RFC 9112 5.2'),
    ('resp-chunk-overflow', 'response chunk size of 2^64+5',
     head(b'HTTP/1.1 200 OK', b'Transfer-Encoding: chunked') + b'10000000000000005\r\nhello\r\n0\r\n\r\n',
     None, True, 'RFC 9112 7.1, 8'),
    ('resp-lf', 'bare LF line ends in a response', b'HTTP/1.1 200 OK\nContent-Length: 5\n\nhello',
     [b'hello'], False, 'RFC 9112 2.2'),
]


def hostile_response(id, title, raw, bodies, cut, source):
    @smuggling('smug-' + id, title, source)
    def _(t):
        hostile(t, raw, bodies, cut=cut)


for row in HOSTILE_RESPONSES:
    hostile_response(*row)


@smuggling('smug-resp-extra', 'bytes after a response are no response to the next request', 'RFC 9112 6.3, 9.2')
def _(t):
    # "A client MUST NOT process, cache, or forward such extra data as a separate response"
    t.origin([reply(b'first') + EVIL, reply(b'second'), reply(b'third')])
    c = t.client(t.req())
    t.ok(c.response(), b'first')
    t.need(b'evil' not in c.settle(), 'extra bytes were passed on to the client')
    if c.eof:
        c = t.client()
    r = c.send(t.req(target=t.url + b'2')).response()
    t.need(r.body != b'evil', 'SPLIT: the extra bytes answered the next request')
    t.need(r.body == b'second' or r.status // 100 == 5, 'second answer is %d %r' % (r.status, r.body[:40]))
