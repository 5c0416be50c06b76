"""Via, loops, Max-Forwards."""
import re

from case import group


via = group('via')


@via('via-request', 'Via in the forwarded request', 'RFC 9110 7.6.3')
def _(t):
    t.origin()
    _, seen = t.fetch(t.req())
    t.need(seen.get(b'via'), 'no Via in the request')
    t.need(re.match(rb'(?i)(HTTP/)?1\.1 [!-~]+', seen.get(b'via')), 'Via is %r' % seen.get(b'via'))


@via('via-append', 'a received Via stays and the own one comes last', 'RFC 9110 7.6.3')
def _(t):
    t.origin()
    _, seen = t.fetch(t.req(fields=[b'Via: 1.0 fred, 1.1 p.example.net']))
    t.need((seen.get(b'via') or b'').startswith(b'1.0 fred, 1.1 p.example.net,'), 'Via is %r' % seen.get(b'via'))


@via('via-version', 'Via tells the version of the received message', 'RFC 9110 7.6.3', level='should')
def _(t):
    t.origin(b'HTTP/1.0 200 OK\r\nContent-Length: 2\r\nCache-Control: no-store\r\n\r\nok')
    r, seen = t.fetch(t.req(version=b'HTTP/1.0'))
    t.need(re.match(rb'(?i)(HTTP/)?1\.0 ', seen.get(b'via') or b''), 'request Via is %r' % seen.get(b'via'))
    t.need(re.match(rb'(?i)(HTTP/)?1\.0 ', r.get(b'via') or b''), 'response Via is %r' % r.get(b'via'))


def max_forwards(t, method, value, fields=()):
    """Sends it; returns (response, requests seen by the origin)."""
    t.origin()
    c = t.client(t.req(method, fields=[b'Max-Forwards: ' + value, *fields]))
    r = c.response(method)
    t.need(r.status and r.complete and not r.flaws, 'no clean answer: %d %s' % (r.status, r.flaws))
    return r, t.origins[0].requests


@via('maxfwd-trace-0', 'TRACE with Max-Forwards: 0 is not forwarded', 'RFC 9110 7.6.2, 9.3.8')
def _(t):
    r, seen = max_forwards(t, b'TRACE', b'0')
    t.need(not seen, 'it was forwarded')
    t.need(r.status in (200, 403, 405, 501), 'status %d' % r.status)
    t.need(r.status != 200 or b'TRACE ' in r.body, 'the answer does not reflect the request')


@via('maxfwd-trace-secret', 'the answer to TRACE does not reflect credentials', 'RFC 9110 9.3.8', level='should')
def _(t):
    # "SHOULD exclude any request fields that are likely to contain sensitive data"
    r, seen = max_forwards(t, b'TRACE', b'0', [b'Cookie: secret=1', b'Proxy-Authorization: Basic c2VjcmV0'])
    t.need(not seen, 'it was forwarded')
    t.need(b'c2VjcmV0' not in r.body and b'secret=1' not in r.body, 'credentials were reflected')


@via('maxfwd-options-2', 'OPTIONS with Max-Forwards: 2 goes on with 1', 'RFC 9110 7.6.2')
def _(t):
    r, seen = max_forwards(t, b'OPTIONS', b'2')
    if r.status in (403, 405, 501):
        return
    t.need(len(seen) == 1 and seen[0].get(b'max-forwards') in (b'1', b'0'),
           'origin got Max-Forwards %r' % [q.get(b'max-forwards') for q in seen])
