"""Message bodies."""
import threading
import time

from origin import chunked, head, reply
from case import group


framing = group('framing')


def then_again(t, client):
    """If the proxy kept the connection, a second request on it must work."""
    if not client.eof and not client.settle(0.1) and not client.eof:
        t.ok(client.send(t.req(target=t.url + b'-again')).response())


@framing('frm-head', 'HEAD: CL kept, no body, connection goes on', 'RFC 9110 9.3.2; RFC 9112 6.3')
def _(t):
    t.origin([head(b'HTTP/1.1 200 OK', b'Content-Length: 100', b'Cache-Control: no-store'), reply(b'ok')])
    c = t.client(t.req(b'HEAD'))
    r = t.ok(c.response(b'HEAD'))
    t.need(r.get(b'content-length') in (b'100', None), 'CL became %r' % r.get(b'content-length'))
    then_again(t, c)


@framing('frm-204', '204: no body, no CL to the client, connection goes on', 'RFC 9110 8.6, 15.3.5')
def _(t):
    t.origin([head(b'HTTP/1.1 204 No Content', b'Content-Length: 5', b'Cache-Control: no-store'), reply(b'ok')])
    c = t.client(t.req())
    r = t.ok(c.response(), status=204)
    t.need(not r.all(b'content-length') and not r.all(b'transfer-encoding'), '204 with CL or TE (8.6: MUST NOT)')
    t.need(not c.settle(0.2), 'bytes after a 204')
    then_again(t, c)


@framing('frm-205', '205 with CL: 0', 'RFC 9110 15.3.6')
def _(t):
    t.origin([reply(b'', b'205 Reset Content'), reply(b'ok')])
    c = t.client(t.req())
    t.ok(c.response(), b'', 205)
    then_again(t, c)


@framing('frm-close-delimited', 'close-delimited response, exact and complete', 'RFC 9112 6.3')
def _(t):
    def script(c):
        if c.read_request():
            c.send(head(b'HTTP/1.1 200 OK', b'Cache-Control: no-store') + b'a' * 70000)
            time.sleep(0.2)
            c.send(b'b' * 70000)
            c.close()
    t.origin(script)
    c = t.client(t.req())
    t.ok(c.response(), b'a' * 70000 + b'b' * 70000)


@framing('frm-chunked-request', 'chunked request', 'RFC 9112 7.1')
def _(t):
    t.origin()
    parts = [b'a', b'bc' * 100, b'd' * 5000]
    _, seen = t.fetch(t.req(b'POST', fields=[b'Transfer-Encoding: chunked']) + chunked(*parts), b'POST')
    t.need(seen.body == b''.join(parts), 'body arrived as %d bytes' % len(seen.body))


@framing('frm-chunked-response', 'chunked response', 'RFC 9112 7.1')
def _(t):
    parts = [b'a', b'bc' * 100, b'd' * 5000]
    t.origin([head(b'HTTP/1.1 200 OK', b'Transfer-Encoding: chunked', b'Cache-Control: no-store') + chunked(*parts), reply(b'ok')])
    c = t.client(t.req())
    t.ok(c.response(), b''.join(parts))
    then_again(t, c)


@framing('frm-trailers-response', 'trailers of a response: forwarded or dropped, never merged blindly', 'RFC 9110 6.5; RFC 9112 7.1.2')
def _(t):
    t.origin([head(b'HTTP/1.1 200 OK', b'Transfer-Encoding: chunked', b'Trailer: X-T', b'Cache-Control: no-store')
              + chunked(b'hello', trailers=[b'X-T: end', b'Content-Length: 99']), reply(b'ok')])
    c = t.client(t.req(fields=[b'TE: trailers', b'Connection: TE']))
    r = t.ok(c.response(), b'hello')
    t.need(r.get(b'content-length') in (None, b'5'), 'CL of the trailers was merged')
    then_again(t, c)


@framing('frm-early-response', 'a final response before the request body is sent', 'RFC 9112 9.5', level='should')
def _(t):
    def script(c):
        if c.read_head():
            c.send(reply(b'too big', b'413 Content Too Large', [b'Connection: close']))
            c.read_until_end(3)
            c.close()
    t.origin(script)
    c = t.client(t.req(b'POST', fields=[b'Content-Length: 1000000']) + b'x' * 1000)
    t.ok(c.response(within=4), b'too big', 413)


@framing('frm-http10-client', 'an HTTP/1.0 client gets no chunked', 'RFC 9112 6.1')
def _(t):
    # "MUST NOT send a response containing Transfer-Encoding unless the
    # corresponding request indicates HTTP/1.1"
    t.origin(head(b'HTTP/1.1 200 OK', b'Transfer-Encoding: chunked', b'Cache-Control: no-store') + chunked(b'hello', b'world'))
    r = t.client(t.req(version=b'HTTP/1.0')).response()
    t.need(not r.all(b'transfer-encoding'), 'Transfer-Encoding to an HTTP/1.0 client')
    t.ok(r, b'helloworld')


@framing('frm-post-nolength', 'POST with neither CL nor TE has no body', 'RFC 9112 6.3')
def _(t):
    t.origin()
    r = t.client(t.req(b'POST')).response()
    if r.status != 411:
        t.ok(r)
        t.need(t.clean(1)[0].body == b'', 'a body appeared')


@framing('frm-drip-request', 'a request that arrives byte by byte', 'RFC 9112 2.2')
def _(t):
    t.origin()
    c = t.client().drip(t.req(b'POST', fields=[b'Transfer-Encoding: chunked']) + chunked(b'hello', b'world'))
    t.ok(c.response())
    t.need(t.clean(1)[0].body == b'helloworld', 'body is wrong')


@framing('frm-stream-down', 'a response streams: the first part arrives before the rest is sent', 'practice: server-sent events', level='good')
def _(t):
    go = threading.Event()

    def script(c):
        if c.read_request():
            c.send(head(b'HTTP/1.1 200 OK', b'Transfer-Encoding: chunked', b'Content-Type: text/event-stream',
                        b'Cache-Control: no-store') + b'7\r\ndata: 1\r\n')
            c.streamed = go.wait(3)
            c.send(b'7\r\ndata: 2\r\n0\r\n\r\n')
            c.read_until_end(2)
    t.origin(script)
    c = t.client(t.req())
    end = time.monotonic() + 2.5
    while b'data: 1' not in c.raw and time.monotonic() < end and not c.eof:
        c.pump(0.1)
    early = b'data: 1' in c.raw
    go.set()
    t.ok(c.response(), b'data: 1data: 2')
    t.need(early, 'the first part was held back')


@framing('frm-many-chunks', '20000 chunks of one byte, both ways', 'RFC 9112 7.1')
def _(t):
    body = b'1\r\nx\r\n' * 20000 + b'0\r\n\r\n'
    t.origin(head(b'HTTP/1.1 200 OK', b'Transfer-Encoding: chunked', b'Cache-Control: no-store') + body)
    _, seen = t.fetch(t.req(b'POST', fields=[b'Transfer-Encoding: chunked']) + body, b'POST', b'x' * 20000)
    t.need(seen.body == b'x' * 20000, 'body arrived as %d bytes' % len(seen.body))
