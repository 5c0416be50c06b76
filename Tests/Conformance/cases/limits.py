"""Sizes, versions, methods, garbage."""
import time

from wire import MIB
from origin import reply
from case import group


limits = group('limits')


def intact_or(t, request, check, *statuses):
    """Forwarded cleanly and `check`ed, or refused with one of the statuses."""
    r = t.client(request).response()
    if r.status == 200:
        check(t.clean(1)[0])
    else:
        t.error(r, *statuses)
        t.untouched()


@limits('lim-header-8k', 'a field line of 8000 bytes arrives', 'practice: the peers take it', level='good')
def _(t):
    t.origin()
    _, seen = t.fetch(t.req(fields=[b'X-Big: ' + b'a' * 7993]))
    t.need(seen.get(b'x-big') == b'a' * 7993, 'X-Big was cut')


@limits('lim-headers-1000', '1000 fields: intact, 431 or 400', 'RFC 9110 5.4')
def _(t):
    t.origin()
    fields = [b'X-%d: %d' % (i, i) for i in range(1000)]
    intact_or(t, t.req(fields=fields), lambda q: t.need(all(q.get(b'x-%d' % i) == b'%d' % i for i in range(1000)), 'fields were lost'), 431, 400, 413)


@limits('lim-target-16k', 'a target of 16 KiB: 414 or intact', 'RFC 9112 3')
def _(t):
    t.origin()
    path = (t.path + b'?').ljust(16384, b'q')
    intact_or(t, t.req(target=b'http://' + t.host + path), lambda q: t.need(q.target == path, 'target was changed'), 414)


@limits('lim-chunk-ext-big', 'a chunk extension of 1 MiB', 'RFC 9112 7.1.1', level='should')
def _(t):
    # "A server ought to limit the total length of chunk extensions received"
    t.origin()
    r = t.client(t.req(b'POST', fields=[b'Transfer-Encoding: chunked']) + b'1;' + b'e' * MIB + b'\r\nx\r\n0\r\n\r\n').response()
    if r.status == 200:
        t.need(len(t.origins[0].raw) < 65536, 'the extension was forwarded')
        t.clean(1)
    else:
        t.error(r, 4, 5, silent=True)


@limits('lim-response-header-1m', 'a response field of 1 MiB: 502 or intact', 'RFC 9110 5.4')
def _(t):
    t.origin(reply(b'ok', fields=[b'X-Big: ' + b'a' * MIB]))
    r = t.client(t.req()).response()
    if r.status == 200:
        t.need(t.ok(r, b'ok').get(b'x-big') == b'a' * MIB, 'the field was cut')
    else:
        t.error(r, 5)


for _id, _version in [('2.0', b'HTTP/2.0'), ('junk', b'HTTP/1.1x'), ('no-minor', b'HTTP/1')]:
    # the first two match the grammar of HTTP-version but not a major version
    # that HTTP/1.1 syntax can carry; the others break the grammar (9112 2.3)
    @limits('lim-version-' + _id, 'version %s: 400 or 505' % _version.decode(), 'RFC 9112 2.3; RFC 9110 15.6.6',
            'should' if _id in ('2.0', '9.9') else 'must')
    def _(t, version=_version):
        t.origin()
        t.error(t.client(t.req(version=version)).response(), 400, 505)
        t.untouched()


@limits('lim-version-1.2', 'HTTP/1.2 is taken as 1.1', 'RFC 9110 2.5', level='should')
def _(t):
    t.origin()
    intact_or(t, t.req(version=b'HTTP/1.2'), lambda q: t.need(q.version == b'HTTP/1.1', 'forwarded as %r' % q.version))


@limits('lim-method-case', 'the method is case-sensitive: get is not GET', 'RFC 9110 9.1')
def _(t):
    t.origin()
    intact_or(t, t.req(b'get'), lambda q: t.need(q.method == b'get', 'became %r' % q.method), 400, 405, 501)


@limits('lim-method-unknown', 'an unknown method is forwarded, or 501/405', 'RFC 9110 9.1')
def _(t):
    t.origin()
    intact_or(t, t.req(b'X-FROB'), lambda q: t.need(q.method == b'X-FROB', 'became %r' % q.method), 501, 405, 403)


@limits('lim-empty-lines', 'an empty line before the request line is ignored', 'RFC 9112 2.2', level='should')
def _(t):
    t.origin()
    t.fetch(b'\r\n' + t.req())


def closes_or(t, data, *statuses):
    """Bytes that are no HTTP/1.1: an error response or a close, in time."""
    c = t.client(data)
    r = c.response()
    if r.status:
        t.error(r, *statuses)


@limits('lim-h2-preface', 'the HTTP/2 preface: clean answer or close', 'RFC 9113 3.4; RFC 9112 2.3')
def _(t):
    c = t.client(b'PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n' + b'\0\0\0\4\0\0\0\0\0')
    end = time.monotonic() + 5
    while not c.eof and b'\r\n\r\n' not in c.raw and len(c.raw) < 9 and time.monotonic() < end:
        c.pump(0.5)
    if c.raw[3:4] in (b'\x04', b'\x07') and c.raw[:1] == b'\0':
        return                  # SETTINGS or GOAWAY: HTTP/2 with prior knowledge
    t.need(c.raw or c.eof, 'no answer')
    if c.raw:
        t.error(c.response(), 400, 405, 501, 505, silent=True)


@limits('lim-garbage', 'garbage bytes: 400 or close', 'RFC 9112 2.2')
def _(t):
    closes_or(t, b'\x00\xff\xfe\x80' * 64 + b'\r\n\r\n', 4, 501, 505)


@limits('lim-slowloris', 'a head sent one byte every second is given up within 60 s', 'RFC 9110 15.5.9; slowloris',
        level='good', slow=True, timeout=75)
def _(t):
    t.origin()
    c = t.client(t.fill(b'GET {u} HTTP/1.1\r\nHost: {h}\r\n'))
    start = time.monotonic()
    while not c.eof and time.monotonic() - start < 60:
        c.send(b'X')
        c.pump(1)
        if c.raw:
            break
    t.need(c.raw or c.eof, 'still open after 60 s')
    if c.raw:
        t.error(c.response(), 408, 400)
