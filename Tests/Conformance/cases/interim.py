"""1xx and Expect."""
import time

from wire import HEAD_END
from origin import reply
from case import group


interim = group('interim')


@interim('1xx-100', '100 Continue: head to the origin, 100 back, then the body', 'RFC 9110 10.1.1, 15.2')
def _(t):
    # "MUST ... either: send an immediate response with a final status code ... or
    # forward the request toward the origin server by sending a corresponding
    # request-line and header section to the next inbound server"
    def script(c):
        head_ = c.read_head()
        if not head_:
            return
        c.expect = head_.has_token(b'expect', b'100-continue')
        if c.expect:
            c.send(b'HTTP/1.1 100 Continue\r\n\r\n')
        c.pos = 0
        if c.read_request():
            c.send(reply(b'done'))
            c.read_until_end(3)
    o = t.origin(script)
    c = t.client(t.req(b'POST', fields=[b'Expect: 100-continue', b'Content-Length: 5']))
    first = c.response(interim=False)
    t.need(first.status == 100, 'first answer is %d, not 100' % first.status)
    time.sleep(0.3)
    early = HEAD_END.search(o.raw)
    c.send(b'hello')
    t.ok(c.response(), b'done')
    t.need(t.clean(1)[0].body == b'hello', 'body arrived as %r' % t.clean(1)[0].body)
    t.need(early, 'a made-up 100: the origin had not seen the head yet')


@interim('1xx-expect-silent-origin', 'the origin sends no 100; the client sends the body after a wait', 'RFC 9110 10.1.1')
def _(t):
    t.origin()
    c = t.client(t.req(b'POST', fields=[b'Expect: 100-continue', b'Content-Length: 5']))
    c.pump(0.7)
    t.ok(c.send(b'hello').response())
    t.need(t.clean(1)[0].body == b'hello', 'body was lost')


@interim('1xx-103', '103 Early Hints is forwarded, before the final response', 'RFC 9110 15.2; RFC 8297')
def _(t):
    def script(c):
        if c.read_request():
            c.send(b'HTTP/1.1 103 Early Hints\r\nLink: </a.css>; rel=preload\r\n\r\n')
            time.sleep(0.6)
            c.final = time.monotonic()
            c.send(reply(b'done'))
            c.read_until_end(3)
    t.origin(script)
    c = t.client(t.req())
    first = c.response(interim=False)
    seen = time.monotonic()
    t.need(first.status == 103, 'first answer is %d, not 103' % first.status)
    t.need(first.get(b'link') == b'</a.css>; rel=preload', 'Link of the 103 is %r' % first.get(b'link'))
    t.ok(c.response(), b'done')
    t.need(seen < t.origins[0].connections[0].final + 0.05, 'the 103 came only with the final response')


@interim('1xx-http10', 'no 103 to an HTTP/1.0 client', 'RFC 9110 15.2')
def _(t):
    t.origin(b'HTTP/1.1 103 Early Hints\r\nLink: </a>\r\n\r\n' + reply(b'done'))
    r = t.ok(t.client(t.req(version=b'HTTP/1.0')).response(), b'done')
    t.need(not r.interim, 'an HTTP/1.0 client got %r' % [i.status for i in r.interim])


@interim('1xx-unsolicited', 'an unsolicited 100 is no final response', 'RFC 9110 15.2')
def _(t):
    t.origin(b'HTTP/1.1 100 Continue\r\n\r\n' + reply(b'done'))
    c = t.client(t.req())
    t.ok(c.response(), b'done')
    if not c.eof:
        t.ok(c.send(t.req(target=t.url + b'2')).response(), b'done')


@interim('1xx-expect-unknown', 'an unknown expectation: 417 or forwarded', 'RFC 9110 10.1.1', level='good')
def _(t):
    t.origin()
    r = t.client(t.req(fields=[b'Expect: 200-ok'])).response()
    if r.status != 417:
        t.ok(r)
        t.need(t.clean(1)[0].get(b'expect') == b'200-ok', 'the expectation was lost')
