"""Origins and clients that fail."""
import time

from origin import head
from case import group


fault = group('fault')


def failing_origin(t, *steps, request=None):
    """The origin reads a request and then does each step: bytes to send, a
    number of seconds to wait, 'close' or 'reset'.  Returns the response."""
    def script(c):
        if not c.read_request():
            return
        for step in steps:
            if isinstance(step, bytes):
                c.send(step)
            elif isinstance(step, (int, float)):
                time.sleep(step)
            else:
                return getattr(c, step)()
    t.origin(script)
    return t.client(request or t.req()).response()


def truncated(t, response):
    """The client can tell that the response is not all there."""
    if response.status == 0 or response.status // 100 == 5:
        return
    t.need(not response.complete, 'the client cannot tell the truncation: complete %d bytes, framing %s' % (
        len(response.body), response.framing))


CL_1000 = head(b'HTTP/1.1 200 OK', b'Content-Length: 1000', b'Cache-Control: no-store') + b'x' * 500
TE_HALF = head(b'HTTP/1.1 200 OK', b'Transfer-Encoding: chunked', b'Cache-Control: no-store') + b'5\r\nhello\r\n'


@fault('flt-reset-cl', 'reset in the middle of a CL body', 'RFC 9112 8')
def _(t):
    truncated(t, failing_origin(t, CL_1000, 0.2, 'reset'))


@fault('flt-chunked-close', 'close in the middle of a chunked body', 'RFC 9112 8')
def _(t):
    # "incomplete if the zero-sized chunk that terminates the encoding has not
    # been received": the proxy must not make up that last chunk
    truncated(t, failing_origin(t, TE_HALF, 0.2, 'close'))


@fault('flt-no-response', 'origin closes without a response', 'RFC 9110 15.6.3')
def _(t):
    t.error(failing_origin(t, 'close'), 502, 503, 504)


@fault('flt-no-response-post', 'origin closes a POST without a response: an error, sent once', 'RFC 9110 15.6.3; RFC 9112 9.3.1')
def _(t):
    t.origin([b''])
    t.error(t.client(t.req(b'POST', body=b'pay')).response(), 502, 503, 504)
    t.need(len(t.origins[0].requests) <= 1, 'the POST was sent %d times' % len(t.origins[0].requests))


@fault('flt-half-head', 'origin closes in the middle of the head', 'RFC 9112 8')
def _(t):
    t.error(failing_origin(t, b'HTTP/1.1 200 OK\r\nContent-Le', 0.2, 'close'), 502, 503, 504)


for _id, _line in [('abc', b'HTTP/1.1 abc OK'), ('four-digits', b'HTTP/1.1 2000 OK'), ]:
    # 9110 15: "A client that receives a response with an invalid status code
    # SHOULD process the response as if it had a 5xx (Server Error) status code."
    @fault('flt-status-' + _id, 'status line %r' % _line.decode(), 'RFC 9112 4; RFC 9110 15', 'should')
    def _(t, line=_line):
        r = failing_origin(t, head(line, b'Content-Length: 2') + b'ok', 0.3, 'close')
        t.error(r, 502, 500, 503)


@fault('flt-refused', 'closed port: 502, 503 or 504', 'RFC 9209 2.3.7 (connection_refused)', level='good')
def _(t):
    o = t.origin()
    url, host = t.url, t.host
    o.close()
    t.error(t.client(t.req(target=url, host=host)).response(), 502, 503, 504)


@fault('flt-upload-reset', 'origin resets during an upload: no hang', 'RFC 9112 9.5')
def _(t):
    def script(c):
        c.read_head()
        c.reset()
    t.origin(script)
    c = t.client()
    c.send(t.req(b'POST', fields=[b'Content-Length: 4000000']))
    c.pump(3, b'x' * 4000000)
    r = c.response()
    t.error(r, 5, silent=True)


@fault('flt-client-gone-upload', 'client vanishes in an upload: the origin connection is released', 'RFC 9112 8')
def _(t):
    o = t.origin(lambda c: c.read_until_end())
    c = t.client(t.req(b'POST', fields=[b'Content-Length: 1000000']) + b'x' * 100000)
    time.sleep(0.4)
    c.reset()
    t.need(o.wait_ended(5), 'the origin connection stays open')
    t.untouched()


@fault('flt-client-gone-wait', 'client vanishes while the origin thinks: the origin connection is released', 'practice', level='good')
def _(t):
    def script(c):
        if c.read_request():
            c.recv(7)
    o = t.origin(script)
    c = t.client(t.req())
    t.need(o.wait_request(), 'the origin saw no request')
    c.reset()
    t.need(o.wait_ended(4), 'the origin connection stays open')
