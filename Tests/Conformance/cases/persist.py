"""Persistence, pipelining, the pool."""
import time

from origin import reply
from case import group


persist = group('persist')


def echo_path(delay=lambda path: 0):
    """An origin script that answers with the path, after a delay."""
    def script(c):
        while (q := c.read_request()) is not None:
            time.sleep(delay(q.target))
            if not c.send(reply(q.target)):
                return
        c.close()
    return script


@persist('ka-pipeline', 'pipelined requests are answered in order', 'RFC 9112 9.3.2')
def _(t):
    t.origin(echo_path(lambda p: {b'1': 0.5, b'2': 0.25}.get(p[-1:], 0)))
    c = t.client(b''.join(t.req(target=t.url + b'-%d' % i) for i in (1, 2, 3)))
    for i in (1, 2, 3):
        t.ok(c.response(), t.path + b'-%d' % i)
    t.clean(3)


@persist('ka-client', 'a client connection serves several requests', 'RFC 9112 9.3')
def _(t):
    t.origin()
    c = t.client()
    for i in range(4):
        r = t.ok(c.send(t.req(target=t.url + b'-%d' % i)).response())
        t.need(not c.eof, 'closed after request %d' % (i + 1))


@persist('ka-origin', 'connections to the origin are used again', 'RFC 9112 9.3', level='should')
def _(t):
    o = t.origin()
    c = t.client()
    for i in range(4):
        t.ok(c.send(t.req(target=t.url + b'-%d' % i)).response())
        if c.settle(0.05) == b'' and c.eof:
            c = t.client()
    t.need(len(o.connections) < 4, '%d connections for 4 requests' % len(o.connections))


@persist('ka-close-client', 'Connection: close of the client is honoured', 'RFC 9112 9.6')
def _(t):
    t.origin()
    c = t.client(t.req(fields=[b'Connection: close']))
    t.ok(c.response())
    t.need(c.closed(), 'the connection stays open')


@persist('ka-close-origin', 'Connection: close of the origin', 'RFC 9112 9.6')
def _(t):
    def script(c):
        if c.read_request():
            c.send(reply(b'ok', fields=[b'Connection: close']))
            c.close()
    t.origin(script)
    c = t.client(t.req())
    t.ok(c.response(), b'ok')
    if c.settle(0.2) == b'' and c.eof:
        c = t.client()
    t.ok(c.send(t.req(target=t.url + b'2')).response(), b'ok')


@persist('ka-http10-keepalive', 'HTTP/1.0 with keep-alive: closed, or kept and said so', 'RFC 9112 C.2.2', level='should')
def _(t):
    t.origin()
    c = t.client(t.req(version=b'HTTP/1.0', fields=[b'Connection: keep-alive']))
    r = t.ok(c.response())
    if not c.closed(0.7):
        t.need(r.has_token(b'connection', b'keep-alive') or r.has_token(b'proxy-connection', b'keep-alive'),
               'kept open without saying so')


def stale(t, method, body, how):
    """Origin answers the first request, then drops the connection on the second
    one (how: 'close' or 'reset') without a response; new connections work."""
    def script(c):
        first = len(t.origins[0].connections) == 1
        number = 0
        while (q := c.read_request()) is not None:
            number += 1
            if first and number == 2:
                return c.reset() if how == 'reset' else c.close()
            c.send(reply(b'n%d' % number))
        c.close()
    o = t.origin(script)
    c = t.client(t.req())
    t.ok(c.response())
    if c.settle(0.1) == b'' and c.eof:
        c = t.client()
    r = c.send(t.req(method, t.url + b'-2', body=body)).response()
    sent = [q for q in o.requests if q.target.endswith(b'-2')]
    return r, sent


@persist('ka-stale-get', 'GET on a pooled connection that turns out dead is sent again', 'RFC 9112 9.3.1', level='good')
def _(t):
    r, sent = stale(t, b'GET', None, 'close')
    t.ok(r)


@persist('ka-stale-post', 'POST that the origin has read is not sent again', 'RFC 9112 9.3.1')
def _(t):
    # "A proxy MUST NOT automatically retry non-idempotent requests."
    r, sent = stale(t, b'POST', b'pay', 'close')
    t.need(len(sent) <= 1, 'the origin got the POST %d times' % len(sent))
    if r.status != 200 or not sent:
        t.error(r, 5, silent=True)


@persist('ka-half-close', 'a client that shuts its sending side still gets the response', 'practice: RFC 9293 3.6', level='good')
def _(t):
    t.origin(echo_path(lambda p: 0.3))
    c = t.client(t.req())
    c.shut()
    t.ok(c.response(), t.path)
