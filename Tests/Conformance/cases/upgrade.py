"""Upgrade and WebSockets."""
from origin import head, reply
from case import group


upgrade = group('upgrade')
WS = [b'Connection: Upgrade', b'Upgrade: websocket', b'Sec-WebSocket-Version: 13', b'Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==']
WS_101 = head(b'HTTP/1.1 101 Switching Protocols', b'Upgrade: websocket', b'Connection: Upgrade',
              b'Sec-WebSocket-Accept: s3pPLMBiTxaQ9kYGzzhZRbK+xOo=')


WS_FROM_CLIENT = b'\x82\xfe\x00\xc8\x01\x02\x03\x04' + bytes(range(200))    # masked, 200 bytes
WS_FROM_ORIGIN = b'\x82\x7e\x00\xc8' + bytes(range(200))


def websocket_origin(early=b'', answer=WS_101):
    def script(c):
        q = c.read_request()
        if not q:
            return
        if not (q.has_token(b'upgrade', b'websocket') and q.has_token(b'connection', b'upgrade')):
            c.send(reply(b'plain', b'426 Upgrade Required', [b'Upgrade: websocket', b'Connection: upgrade']))
            return c.read_until_end(2)
        c.send(answer + early)
        while c.recv(5):                    # frame for frame
            c.send(WS_FROM_ORIGIN)
        c.close()
    return script


@upgrade('up-websocket', 'WebSocket: 101 and then bytes both ways', 'RFC 9110 7.8; RFC 6455 4', level='good')
def _(t):
    t.origin(websocket_origin())
    c = t.client(t.req(fields=WS))
    r = c.response()
    t.need(r.status == 101, 'status %d, not 101' % r.status)
    t.need(r.get(b'upgrade') == b'websocket' and r.has_token(b'connection', b'upgrade'), 'Upgrade or Connection is missing in the 101')
    for _ in range(3):
        c.send(WS_FROM_CLIENT)
        t.need(c.read(len(WS_FROM_ORIGIN), 3) == WS_FROM_ORIGIN, 'the frame of the origin did not arrive')
    seen = bytes(t.origins[0].connections[0].raw)
    t.need(seen.endswith(WS_FROM_CLIENT * 3), 'the frames of the client did not arrive')


@upgrade('up-refused', 'a refused upgrade is an ordinary response', 'RFC 9110 7.8')
def _(t):
    t.origin(reply(b'no', b'403 Forbidden'))
    c = t.client(t.req(fields=WS))
    t.ok(c.response(), b'no', 403)
    if c.settle(0.1) == b'' and not c.eof:
        t.ok(c.send(t.req()).response(), b'no', 403)


@upgrade('up-101-unsolicited', '101 without a request for it opens no tunnel', 'RFC 9110 7.8, 15.2.2')
def _(t):
    # "A server MUST NOT switch to a protocol that was not indicated by the client"
    o = t.origin(WS_101)
    c = t.client(t.req())
    r = c.response()
    t.need(r.status != 101, 'the 101 was passed on')
    t.error(r, 5, silent=True)
    c.send(b'tunnel?')
    c.settle(0.2)
    t.need(b'tunnel?' not in o.raw, 'a tunnel is open')
