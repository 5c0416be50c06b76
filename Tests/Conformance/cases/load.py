"""200 clients at once."""
import hashlib
import threading
import time

from origin import reply
from case import group
from cases.connect import echo


load = group('load')
MANY = 200


def many(t, work):
    """Runs work(i) for 200 clients at once; all must succeed."""
    barrier, errors = threading.Barrier(MANY), []

    def run(i):
        try:
            barrier.wait(10)
            work(i)
        except Exception as error:
            errors.append('%s: %s' % (type(error).__name__, error))
    threads = [threading.Thread(target=run, args=(i,), daemon=True) for i in range(MANY)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(max(0.1, t.deadline + 1 - time.monotonic()))
    t.need(not errors, '%d of %d failed, such as: %s' % (len(errors), MANY, errors[:1]))
    t.need(not any(x.is_alive() for x in threads), 'some did not finish')


def own_body(i):
    return hashlib.shake_256(b'%d' % i).digest(65536)


@load('load-get', '200 clients at once, each its own 64 KiB body', 'practice', level='good', serial=True, timeout=20)
def _(t):
    def script(c):
        while (q := c.read_request()) is not None:
            c.send(reply(own_body(int(q.target.rsplit(b'-', 1)[1]))))
    t.origin(script)
    many(t, lambda i: t.ok(t.client(t.req(target=t.url + b'-%d' % i)).response(), own_body(i)))


@load('load-connect', '200 tunnels at once, each echoes its own bytes', 'practice', level='good', serial=True, timeout=20)
def _(t):
    t.origin(echo)

    def work(i):
        c = t.client(t.req(b'CONNECT', t.host))
        r = c.response(b'CONNECT')
        t.need(r.status == 200, 'CONNECT answered %d' % r.status)
        c.send(own_body(i))
        t.need(c.read(65536) == own_body(i), 'bytes of tunnel %d differ' % i)
    many(t, work)
