"""Request targets and Host."""
import random

from client import Skip
from case import group


target = group('target')


def forwarded_target(t, expected, sent=None, method=b'GET', host=None):
    """Sends one request for a target; the origin must see it as `expected`."""
    t.origins or t.origin()
    _, seen = t.fetch(t.req(method, sent), method)
    t.need(seen.target == expected, 'origin got the target %r, not %r' % (seen.target[:80], expected[:80]))
    want = host or t.host
    t.need(seen.get(b'host') == want, 'origin got Host %r, not %r' % (seen.get(b'host'), want))
    return seen


@target('tgt-origin-form', 'absolute-form becomes origin-form, own HTTP version', 'RFC 9112 3.2.1, 2.3')
def _(t):
    t.origin()
    seen = forwarded_target(t, t.path + b'?a=1&b=2', t.url + b'?a=1&b=2')
    t.need(seen.version == b'HTTP/1.1', 'forwarded as %r' % seen.version)


@target('tgt-host-mismatch', 'Host is rebuilt from the absolute-form', 'RFC 9112 3.2.2')
def _(t):
    # "A proxy that forwards such a request MUST generate a new Host field value
    # based on the received request-target"
    t.origin()
    _, seen = t.fetch(t.req(host=b'other.example'))
    t.need(seen.get(b'host') == t.host, 'origin got Host %r' % seen.get(b'host'))


@target('tgt-no-host', 'HTTP/1.1 without Host', 'RFC 9112 3.2')
def _(t):
    t.origin()
    t.error(t.client(t.fill(b'GET {u} HTTP/1.1\r\n\r\n')).response(), 400)
    t.untouched()


@target('tgt-userinfo', 'userinfo does not reach Host', 'RFC 9110 4.2.4, 7.2')
def _(t):
    o = t.origin()
    r = t.client(t.req(target=b'http://user:secret@%s%s' % (t.host, t.path))).response()
    t.need(b'user:secret' not in o.raw, 'userinfo reached the origin')
    if r.status == 200:
        t.need(t.clean(1)[0].get(b'host') == t.host, 'Host is %r' % t.clean()[0].get(b'host'))
    else:
        t.error(r, 4)


@target('tgt-empty-path', 'empty path becomes /', 'RFC 9112 3.2.1')
def _(t):
    t.origin()
    forwarded_target(t, b'/', b'http://' + t.host)


@target('tgt-percent', 'percent-encoding stays as it is', 'RFC 9110 7.7')
def _(t):
    # "A proxy MUST NOT modify the absolute-path and query parts of the received
    # target URI when forwarding it"
    t.origin()
    odd = t.path + b'/%7Ea%2f%2F%41%20b/%e2%82%ac%zz?x=%26&y=%3f+%00'
    r = t.client(t.req(target=b'http://' + t.host + odd)).response()
    if r.status == 400:         # %zz is not pct-encoded (RFC 3986 2.1)
        odd = odd.replace(b'%zz', b'')
        r = t.client(t.req(target=b'http://' + t.host + odd)).response()
    t.ok(r)
    t.need(t.clean(1)[0].target == odd, 'target became %r' % t.clean()[0].target)


@target('tgt-sub-delims', "sub-delims and ; , ! ' ( ) * stay as they are", 'RFC 9110 7.7')
def _(t):
    t.origin()
    odd = t.path + b"/a;p=1,2/!$&'()*+,;=:@-._~?a=b?c/d&e[]=;"
    r = t.client(t.req(target=b'http://' + t.host + odd)).response()
    if r.status == 400:         # [] are not allowed in a query (RFC 3986 3.4)
        odd = odd.replace(b'[]', b'')
        r = t.client(t.req(target=b'http://' + t.host + odd)).response()
    t.ok(r)
    t.need(t.clean(1)[0].target == odd, 'target became %r' % t.clean()[0].target)


@target('tgt-fragment', 'a fragment is not forwarded', 'RFC 9112 3.2', level='should')
def _(t):
    t.origin()
    r = t.client(t.req(target=t.url + b'#frag')).response()
    if r.status == 200:
        t.need(t.clean(1)[0].target == t.path, 'target is %r' % t.clean()[0].target)
    else:
        t.error(r, 4)


@target('tgt-space', 'space in the request target', 'RFC 9112 3, 3.2')
def _(t):
    o = t.origin()
    r = t.client(t.req(target=t.url + b' b')).response()
    if r.status == 200:         # "parse on whitespace-delimited word boundaries" (3)
        t.clean(1)
    else:
        t.error(r, 4, 301, 505)
    t.need(b' b HTTP' not in o.raw, 'the space was forwarded')


@target('tgt-ipv6', 'IPv6 literal', 'RFC 9112 3.2.2; RFC 3986 3.2.2')
def _(t):
    try:
        t.origin(host='::1')
    except OSError as error:
        raise Skip('no IPv6 loopback: %s' % error)
    forwarded_target(t, t.path)


@target('tgt-port-overflow', 'port 65536+P is not P', 'RFC 3986 3.2.3')
def _(t):
    o = t.origin()
    t.error(t.client(t.req(target=b'http://127.0.0.1:%d%s' % (65536 + o.port, t.path))).response(), 4, 5)
    t.untouched()


def default_port(t, suffix):
    host = '127.%d.%d.%d' % (random.randrange(1, 250), random.randrange(250), random.randrange(1, 250))
    try:
        t.origin(host=host, port=80)
    except OSError as error:
        raise Skip('cannot bind port 80: %s' % error)
    authority = (host + suffix).encode()
    t.ok(t.client(t.req(target=b'http://%s%s' % (authority, t.path), host=authority)).response())
    seen = t.clean(1)[0].get(b'host').rstrip(b':')
    t.need(seen in (host.encode(), host.encode() + b':80'), 'Host is %r' % seen)


@target('tgt-empty-port', 'an empty port means 80', 'RFC 9110 4.2.1')
def _(t):
    # "If the port subcomponent is empty or not given, TCP port 80 ... is the default."
    default_port(t, ':')


@target('tgt-unknown-scheme', 'an unknown scheme is not forwarded as http', 'RFC 9110 4.2, 7.1')
def _(t):
    t.origin()
    t.error(t.client(t.req(target=b'foo://%s%s' % (t.host, t.path))).response(), 4, 5)
    t.untouched()


@target('tgt-https', 'https:// in absolute-form never goes out as plain text', 'RFC 9110 4.2.2, 4.3.4')
def _(t):
    o = t.origin()
    r = t.client(t.req(target=b'https://%s%s' % (t.host, t.path))).response()
    t.need(not any(c.raw[:4] == b'GET ' for c in o.connections), 'an https request went out in plain text')
    t.need(r.status >= 400, 'status %d' % r.status)


@target('tgt-options-star', 'OPTIONS with an empty path becomes OPTIONS *', 'RFC 9112 3.2.4')
def _(t):
    t.origin()
    forwarded_target(t, b'*', b'http://' + t.host, b'OPTIONS')


@target('tgt-asterisk', 'OPTIONS * to the proxy gets an answer', 'RFC 9112 3.2.4; RFC 9110 9.3.7')
def _(t):
    t.origin()
    r = t.client(t.req(b'OPTIONS', b'*')).response(b'OPTIONS')
    t.need(r.status and r.complete and not r.flaws, 'no clean answer: %s' % r.flaws)


@target('tgt-authority-get', 'authority-form with GET is refused', 'RFC 9112 3.2.3')
def _(t):
    t.origin()
    t.error(t.client(t.req(b'GET', t.host)).response(), 4)
    t.untouched()


@target('tgt-host-case', 'LOCALHOST in upper case', 'RFC 9110 4.2.3; RFC 3986 3.2.2')
def _(t):
    o = t.origin()
    name = b'LOCALHOST:%d' % o.port
    r, seen = t.fetch(t.req(target=b'http://' + name + t.path, host=name))
    t.need(seen.get(b'host').lower() == name.lower(), 'Host is %r' % seen.get(b'host'))
