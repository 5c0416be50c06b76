"""The registry of cases, the context `t` that a case gets, and the judgements that several cases share."""
import random
import time

from origin import Origin, head
from client import Client, Fail


CASE_TIMEOUT = 8.0      # seconds, unless a case says otherwise

CASES = []


class Case:
    def __init__(self, group, id, title, source, level, slow, serial, timeout, run):
        self.group, self.id, self.title, self.source = group, id, title, source
        self.level, self.slow = level, slow
        self.serial, self.timeout, self.run = serial, timeout, run


def group(name):
    """A decorator for the cases of one group."""
    def register(id, title, source, level='must', slow=False, serial=False,
                 timeout=CASE_TIMEOUT):
        def wrap(run):
            assert all(c.id != id for c in CASES), id
            CASES.append(Case(name, id, title, source, level, slow, serial, timeout, run))
            return run
        return wrap
    return register


class Context:
    """What a case function gets as `t`."""

    def __init__(self, case, options):
        self.case, self.options = case, options
        self.deadline = time.monotonic() + case.timeout * getattr(options, 'patience', 1)
        self.origins, self.clients = [], []
        self.path = b'/%s-%08x' % (case.id.encode(), random.getrandbits(32))

    # --- the two ends -------------------------------------------------------

    def origin(self, script=None, **options):
        self.origins.append(Origin(script, **options))
        return self.origins[-1]

    def client(self, data=b'', rcvbuf=None):
        # whoever runs several cases through one proxy may give each an address of its own
        client = Client(self.options.address, self.deadline, rcvbuf, getattr(self.options, 'source', None))
        self.clients.append(client)
        return client.send(data) if data else client

    def close(self):
        for c in self.clients:
            c.close()
        for o in self.origins:
            o.close()

    # --- building bytes -----------------------------------------------------

    @property
    def host(self):
        return self.origins[0].authority

    @property
    def url(self):
        return b'http://' + self.host + self.path

    def req(self, method=b'GET', target=None, fields=(), body=None, version=b'HTTP/1.1', host=None):
        """A well-formed request; Content-Length is added when body is given."""
        lines = [b'%s %s %s' % (method, self.url if target is None else target, version),
                 b'Host: ' + (self.host if host is None else host), *fields]
        if body is not None:
            lines.append(b'Content-Length: %d' % len(body))
        return head(*lines) + (body or b'')

    def fill(self, raw):
        """Replaces {u} URL, {h} authority, {s} a whole request for /smuggled,
        {n} the length of {s} in decimal and {x} in hexadecimal."""
        s = b'GET http://%s/smuggled HTTP/1.1\r\nHost: %s\r\n\r\n' % (self.host, self.host)
        for key, value in ((b'{u}', self.url), (b'{h}', self.host), (b'{s}', s),
                           (b'{n}', b'%d' % len(s)), (b'{n5}', b'%d' % (len(s) + 5)),
                           (b'{x}', b'%x' % len(s))):
            raw = raw.replace(key, value)
        return raw

    # --- judging ------------------------------------------------------------

    def need(self, condition, why):
        if not condition:
            raise Fail(why)

    def ok(self, response, body=None, status=200):
        """A complete, flawless response with this status (and body)."""
        self.need(response.status == status,
                  'status %d, not %d %s' % (response.status, status, '; '.join(response.flaws)))
        self.need(response.complete, 'response is incomplete (%d body bytes)' % len(response.body))
        self.need(not response.flaws, 'response to the client is flawed: ' + '; '.join(response.flaws))
        if body is not None:
            self.need(response.body == body, 'body %r, not %r' % (response.body[:60], body[:60]))
        return response

    def error(self, response, *statuses, silent=False):
        """A refusal with one of the statuses (a class such as 4 or 5 covers all
        of 4xx or 5xx); silent: closing without a response will do, too."""
        wanted = '/'.join('%dxx' % s if s < 10 else str(s) for s in statuses) or 'that it is served'
        if response.status == 0:
            self.need(silent, 'no valid response (%s), expected %s' % ('; '.join(response.flaws), wanted))
            return response
        self.need(response.status in statuses or response.status // 100 in statuses,
                  'status %d, expected %s' % (response.status, wanted))
        self.need(response.complete, 'error response is incomplete')
        return response

    def clean(self, count=None, origin=None):
        """What the proxy forwarded is flawless; returns the requests."""
        origin = origin or self.origins[0]
        flaws = origin.flaws()
        self.need(not flaws, 'forwarded flawed: ' + '; '.join(flaws[:3]))
        requests = origin.requests
        if count is not None:
            self.need(len(requests) == count, 'origin saw %d requests, not %d' % (len(requests), count))
        return requests

    def untouched(self, origin=None):
        """No complete request reached the origin."""
        requests = (origin or self.origins[0]).requests
        self.need(not requests, 'reached the origin: %r' % [r.start_line[:80] for r in requests])

    def fetch(self, request, method=b'GET', body=None, status=200):
        """Sends one request, wants it answered and forwarded cleanly; returns
        (response, the request that the origin saw)."""
        client = self.client(request)
        response = self.ok(client.response(method), body, status)
        requests = self.clean()
        self.need(requests, 'the origin saw no request')
        return response, requests[0]


def attack(t, raw, bodies=None, statuses=(4, 501, 505), silent=False, tail=False,
           hang=False, extra=None, tunnel=False):
    """One dubious request, given as raw bytes (see Context.fill).

    Accepted outcomes: it is refused (statuses; silent: or just closed) and no
    complete request reaches the origin; or, when bodies is given, it reaches the
    origin as exactly one flawless request with one of these bodies.  In no case
    is /smuggled requested at the origin, unless tail says that the bytes hold a
    genuine second request.  hang: waiting for more bytes is right, too.  extra:
    a further check of the request that was forwarded."""
    origin = t.origins[0] if t.origins else t.origin()
    client = t.client(t.fill(raw))
    try:
        response = client.response(b'POST', within=2.5 if hang else None)
    except Fail:
        if not hang:
            raise
        return t.untouched()
    client.settle()
    requests = origin.requests
    smuggled = [r for r in requests if r.target.endswith(b'/smuggled')]
    first = [r for r in requests if r not in smuggled]
    if smuggled and not tail:
        one_view = bodies and not origin.flaws() and [r.body for r in first] in [[t.fill(b)] for b in bodies]
        raise Fail('forwarded cleanly, but the connection was not closed: what lies behind it was served' if one_view
                   else 'SMUGGLED: what lies behind it was served as a second request')
    if 200 <= response.status < 300:
        t.need(bodies is not None, 'accepted (status %d): must be refused' % response.status)
        t.need(not response.flaws, 'response flawed: ' + '; '.join(response.flaws))
        t.clean()
        t.need(len(first) == 1, 'origin saw %d requests, not 1' % len(first))
        allowed = [t.fill(b) for b in bodies]
        t.need(first[0].body in allowed, 'body %r, allowed %r' % (first[0].body[:60], [b[:40] for b in allowed]))
        if extra:
            extra(first[0])
        return
    t.error(response, *statuses, silent=silent)
    t.need(not first, 'answered %d but the origin got a complete request' % response.status)


def hostile(t, raw, bodies=None, method=b'GET', cut=False, extra=None, close=True):
    """One dubious response from the origin, given as raw bytes.

    Accepted: a 5xx to the client; or, when bodies is given, a flawless 200 with
    one of these bodies; or, with cut, a response that the client can tell to be
    incomplete.  Afterwards nothing but the answer is on the wire."""
    def script(connection):
        if connection.read_request():
            connection.send(raw)
            if close:
                time.sleep(0.3)
                connection.close()
            else:
                connection.read_until_end(3)
    t.origin(script)
    client = t.client(t.req(method))
    response = client.response(method)
    rest = client.settle()
    t.need(not rest, 'bytes after the response: %r' % rest[:80])
    if response.status == 502 or response.status // 100 == 5:
        return response
    if cut and not response.complete:
        return response
    t.need(bodies is not None, 'forwarded as %d (%s): must be refused or cut' % (
        response.status, 'complete' if response.complete else 'incomplete'))
    t.ok(response)
    t.need(response.body in bodies, 'body %r, allowed %r' % (response.body[:60], bodies))
    if extra:
        extra(response)
    return response
