"""Fields that end at the proxy."""
from wire import tokens
from origin import reply
from case import attack, group


hop = group('hop')


def absent(t, message, *names):
    for name in names:
        t.need(not message.all(name), '%s was forwarded: %r' % (name.decode(), message.get(name)))


@hop('hop-nominated', 'fields nominated by Connection are removed', 'RFC 9110 7.6.1')
def _(t):
    t.origin()
    _, seen = t.fetch(t.req(fields=[b'Connection: X-One', b'connection:  x-two ,, X-THREE', b'X-One: 1', b'X-Two: 2',
                                    b'x-three: 3', b'X-Four: 4']))
    absent(t, seen, b'x-one', b'x-two', b'x-three')
    t.need(seen.get(b'x-four') == b'4', 'X-Four was lost')
    t.need(not set(tokens(seen.get(b'connection'))) & {b'x-one', b'x-two', b'x-three'}, 'Connection went through')


@hop('hop-te', 'TE is not passed on', 'RFC 9110 7.6.1, 10.1.4')
def _(t):
    # the proxy's own "TE: trailers" with "Connection: TE" is fine
    t.origin()
    _, seen = t.fetch(t.req(fields=[b'TE: trailers, deflate;q=0.5', b'Connection: TE']))
    t.need(b'deflate' not in (seen.get(b'te') or b''), 'TE went through: %r' % seen.get(b'te'))
    t.need(not seen.all(b'te') or seen.has_token(b'connection', b'te'), 'TE without Connection: TE')


@hop('hop-upgrade', 'Upgrade without Connection: upgrade is not passed on', 'RFC 9110 7.6.1, 7.8', level='should')
def _(t):
    t.origin()
    _, seen = t.fetch(t.req(fields=[b'Upgrade: foo/1']))
    absent(t, seen, b'upgrade')


@hop('hop-proxy-authorization', 'Proxy-Authorization does not reach the origin', 'RFC 9110 11.7.2, 17.16.3', level='should')
def _(t):
    t.origin()
    _, seen = t.fetch(t.req(fields=[b'Proxy-Authorization: Basic dXNlcjpzZWNyZXQ=', b'Authorization: Basic a2VlcA==']))
    absent(t, seen, b'proxy-authorization')
    t.need(seen.get(b'authorization') == b'Basic a2VlcA==', 'Authorization was changed')


@hop('hop-abuse-cl', 'Connection: Content-Length does not break the framing', 'RFC 9110 7.6.1; RFC 9112 6.3')
def _(t):
    attack(t, b'POST {u} HTTP/1.1\r\nHost: {h}\r\nConnection: Content-Length\r\nContent-Length: {n}\r\n\r\n{s}', bodies=[b'{s}'])


@hop('hop-cookie', 'Connection: Cookie removes Cookie', 'RFC 9110 7.6.1')
def _(t):
    # an abuse, but the rule is plain: "remove any header or trailer field(s)
    # from the message with the same name as the connection-option"
    t.origin()
    r = t.client(t.req(fields=[b'Connection: Cookie', b'Cookie: a=b'])).response()
    if r.status == 200:
        absent(t, t.clean(1)[0], b'cookie')
    else:
        t.error(r, 4)


@hop('hop-response', 'nominated and known hop-by-hop fields of a response', 'RFC 9110 7.6.1')
def _(t):
    t.origin(reply(b'ok', fields=[b'Connection: X-Hop', b'X-Hop: 1', b'Keep-Alive: timeout=77', b'Proxy-Connection: foo', b'X-End: 2']))
    r = t.ok(t.client(t.req()).response())
    absent(t, r, b'x-hop')
    t.need(r.get(b'x-end') == b'2', 'X-End was lost')
    t.need(r.get(b'keep-alive') != b'timeout=77', 'Keep-Alive went through')
    t.need(r.get(b'proxy-connection') != b'foo', 'Proxy-Connection went through')


@hop('hop-end-to-end', 'other fields arrive unchanged and in order', 'RFC 9110 5.1, 5.3')
def _(t):
    t.origin()
    sent = [(b'X-A', b'one'), (b'Accept', b'a/b;q=0.5'), (b'X-a', b'two'), (b'X-Odd!#$', b'\xe9\xff"q\\"'),
            (b'X-Empty', b''), (b'Cookie', b'c=d; e="f"'), (b'X-A', b'three')]
    _, seen = t.fetch(t.req(fields=[n + b': ' + v for n, v in sent]))
    for name, value in sent:
        if name.lower() == b'x-a':
            continue
        t.need(seen.all(name) == [value], '%s arrived as %r' % (name.decode(), seen.all(name)))
    t.need(seen.get(b'x-a') == b'one, two, three', 'X-A arrived as %r' % seen.all(b'x-a'))
