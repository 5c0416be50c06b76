"""CONNECT and tunnels."""
import random
import threading
import time

from wire import MIB
from origin import head
from client import Fail, SETTLE
from case import group


connect = group('connect')


def echo(c):
    while data := c.recv():
        c.send(data)
    c.close()


def tunnel(t, script=echo, early=b'', fields=(), version=b'HTTP/1.1', rcvbuf=None, **options):
    """Opens a CONNECT tunnel to a new origin; returns (client, 2xx response)."""
    t.origin(script, **options)
    c = t.client(t.req(b'CONNECT', t.host, fields, version=version) + early, rcvbuf=rcvbuf)
    r = c.response(b'CONNECT')
    t.need(200 <= r.status < 300, 'CONNECT answered %d' % r.status)
    return c, r


def refused_connect(t, target, *statuses, host=b'127.0.0.1'):
    """A CONNECT that must not open a tunnel."""
    r = t.client(head(b'CONNECT %s HTTP/1.1' % t.fill(target), b'Host: ' + host)).response(b'CONNECT')
    if r.status // 100 == 2:
        t.clients[-1].pump(SETTLE)
        raise Fail('answered %d; %d connections to the origin' % (r.status, len(t.origins[0].connections)))
    t.error(r, *statuses)
    t.need(not t.origins[0].connections, 'the origin was contacted')


@connect('con-echo', 'CONNECT, 2xx without CL and TE, bytes both ways', 'RFC 9110 9.3.6')
def _(t):
    c, r = tunnel(t)
    t.need(not r.all(b'content-length') and not r.all(b'transfer-encoding'), 'CL or TE in the 2xx (MUST NOT)')
    t.need(not r.flaws, 'flaws: %s' % r.flaws)
    for data in (b'hello', bytes(range(256)) * 300):
        c.send(data)
        t.need(c.read(len(data), 4) == data, 'bytes did not come back')


@connect('con-early-data', 'bytes in the same segment as the CONNECT head', 'RFC 9110 9.3.6', level='should')
def _(t):
    c, _ = tunnel(t, early=b'\x16\x03\x01early')
    t.need(c.read(8, 3) == b'\x16\x03\x01early', 'early bytes were lost')


@connect('con-cl', 'CONNECT with Content-Length: bytes belong to the tunnel', 'RFC 9110 9.3.6; RFC 9112 6.3')
def _(t):
    # "A CONNECT request message does not have content": 400 is fine, too
    t.origin(echo)
    c = t.client(t.req(b'CONNECT', t.host, body=b'hello'))
    r = c.response(b'CONNECT')
    if r.status // 100 == 2:
        t.need(c.read(5, 3) == b'hello', 'the bytes were eaten')
    else:
        t.error(r, 4)


for _id, _title, _target, _level in [
        # "A server MUST reject a CONNECT request that targets an empty or invalid
        # port number, typically by responding with a 400 (Bad Request) status
        # code" (RFC 9110 9.3.6); the rest is outside the grammar of authority-form
        ('no-port', 'no port', b'127.0.0.1', 'must'),
        ('port-0', 'port 0', b'127.0.0.1:0', 'must'),
        ('absolute', 'absolute-form', b'http://{h}/', 'should'),
        ('userinfo', 'userinfo', b'user@{h}', 'should'),
        ]:
    @connect('con-' + _id, 'CONNECT with %s is refused' % _title, 'RFC 9110 9.3.6; RFC 9112 3.2.3', _level)
    def _(t, target=_target):
        t.origin(echo)
        refused_connect(t, target, 4, 5)


@connect('con-port-overflow', 'CONNECT to port 65536+P is refused', 'RFC 9110 9.3.6')
def _(t):
    o = t.origin(echo)
    refused_connect(t, b'127.0.0.1:%d' % (65536 + o.port), 4, 5)


@connect('con-host-mismatch', 'the target decides, not Host', 'RFC 9110 9.3.6')
def _(t):
    t.origin(echo)
    c = t.client(t.req(b'CONNECT', t.host, host=b'other.invalid:1'))
    r = c.response(b'CONNECT')
    t.need(200 <= r.status < 300 or r.status == 400, 'CONNECT answered %d' % r.status)
    t.need(r.status == 400 or c.send(b'abc').read(3, 3) == b'abc', 'bytes did not come back')


@connect('con-closed-port', 'CONNECT to a closed port: 502, 503 or 504', 'RFC 9209 2.3.7 (connection_refused)', level='good')
def _(t):
    o = t.origin()
    target_ = t.host
    o.close()
    t.error(t.client(t.req(b'CONNECT', target_)).response(), 502, 503, 504)


@connect('con-fin-client', 'client sends and shuts: all of it reaches the origin, then the end', 'RFC 9110 9.3.6')
def _(t):
    # "MUST attempt to send any outstanding data that came from the closed side"
    c, _ = tunnel(t, lambda c: c.read_until_end())
    data = random.randbytes(500000)
    c.send(data)
    c.shut()
    t.need(t.origins[0].connections and t.origins[0].wait_ended(4), 'the origin did not see the end')
    t.need(bytes(t.origins[0].connections[0].raw) == data, 'origin got %d of %d bytes' % (len(t.origins[0].connections[0].raw), len(data)))
    t.need(t.origins[0].connections[0].ended == 'eof', 'the origin saw a reset')


@connect('con-half-close', 'client shuts its sending side; the reply of the origin still arrives', 'practice (RFC 9293 3.6); RFC 9110 9.3.6 lets a proxy close both', level='good')
def _(t):
    def script(c):
        c.read_until_end()
        time.sleep(0.2)
        c.send(b'%d' % len(c.raw))
        c.close()
    c, _ = tunnel(t, script)
    c.send(b'x' * 1000)
    c.shut()
    t.need(c.read(4, 4) == b'1000', 'no reply after the half-close')
    t.need(c.closed(), 'the client did not see the end')


@connect('con-reset', 'a reset by the origin ends the client connection', 'RFC 9110 9.3.6')
def _(t):
    def script(c):
        c.recv()
        c.reset()
    c, _ = tunnel(t, script)
    c.send(b'x')
    t.need(c.closed(4), 'the client connection stays open')


@connect('con-bulk', '16 MiB both ways at the same time, exact', 'RFC 9110 9.3.6', timeout=20)
def _(t):
    data = random.randbytes(MIB) * 16

    def script(c):
        threading.Thread(target=lambda: c.send(data), daemon=True).start()
        while len(c.raw) < len(data) and c.recv(size=MIB):
            pass
        done.set()
        c.recv(5)
    done = threading.Event()
    c, _ = tunnel(t, script)
    c.send(data)
    t.need(c.read(len(data)) == data, 'download differs')
    t.need(done.wait(5) and t.origins[0].connections[0].raw == data, 'upload differs')
