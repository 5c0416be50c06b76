"""What passes between a client, the proxy and an origin: the stories that the machines' playbooks tell, over sockets.

`STORIES` has (name, mode, story). A mode is a configuration of the proxy (proxies.py). Families of stories are tables: a request by
a response.
"""
from hello import client_hello

STORIES = []


def story(name, mode="plain"):
    def register(run):
        STORIES.append((name, mode, run))
        return run
    return register


def get(path=b"/", *fields, host=b"{0}", version=b"1.1", method=b"GET"):
    lines = [b"%s http://%s%s HTTP/%s" % (method, host, path, version), b"Host: " + host, *fields]
    return b"\r\n".join(lines) + b"\r\n\r\n"


def post(body, *fields, path=b"/", host=b"{0}", method=b"POST"):
    return get(path, b"Content-Length: %d" % len(body), *fields, host=host, method=method) + body


def chunked_post(*chunks, trailers=(), path=b"/", host=b"{0}", fields=()):
    return get(path, b"Transfer-Encoding: chunked", *fields, host=host, method=b"POST") + chunked(*chunks, trailers=trailers)


def chunked(*chunks, trailers=()):
    return b"".join(b"%x\r\n%s\r\n" % (len(chunk), chunk) for chunk in chunks) + b"0\r\n" + b"".join(
        line + b"\r\n" for line in trailers) + b"\r\n"


def ok(body=b"ok", *fields, status=b"200 OK"):
    return b"\r\n".join([b"HTTP/1.1 " + status, b"Content-Length: %d" % len(body), *fields]) + b"\r\n\r\n" + body


def connect(authority=b"{0}", *fields, host=None):
    return b"\r\n".join([b"CONNECT %s HTTP/1.1" % authority, b"Host: " + (host or authority), *fields]) + b"\r\n\r\n"


# --- requests by responses ------------------------------------------------------------------------------------------------------

# name: (method, the request)
REQUESTS = {
    "get": (b"GET", get(b"/a?b=%20c", b"User-Agent: net", b"Accept: */*")),
    "get 1.0": (b"GET", get(version=b"1.0")),
    "get 1.0 keep-alive": (b"GET", get(b"/", b"Connection: keep-alive", version=b"1.0")),
    "get close": (b"GET", get(b"/", b"Connection: close")),
    "get hop": (b"GET", get(b"/", b"Connection: X-Hop, keep-alive", b"X-Hop: 1", b"Keep-Alive: timeout=5", b"Proxy-Connection: keep-alive",
                            b"TE: trailers", b"Upgrade: h2c, foo", b"X-End: 2", b"Via: 1.0 fred, 1.1 p.example")),
    "get secrets": (b"GET", get(b"/?token=abc", b"Authorization: Basic dXNlcjpwYXNz", b"Cookie: a=b; c=d")),
    "head": (b"HEAD", get(method=b"HEAD")),
    "options": (b"OPTIONS", get(method=b"OPTIONS")),
    "delete": (b"DELETE", get(method=b"DELETE")),
    "unknown method": (b"BREW", get(method=b"BREW")),
    "post": (b"POST", post(b"0123456789" * 40)),
    "post empty": (b"POST", post(b"")),
    "put": (b"PUT", post(b"x" * 70_000, method=b"PUT")),
    "post chunked": (b"POST", chunked_post(b"hello", b"world" * 300)),
    "post chunked trailers": (b"POST", chunked_post(b"a" * 1000, trailers=[b"X-Sum: 1", b"X-More: 2"], fields=[b"Trailer: X-Sum"])),
    "post chunked extensions": (b"POST", get(b"/", b"Transfer-Encoding: chunked", method=b"POST")
                                + b'5;a=b;c="d"\r\nhello\r\n0;last\r\n\r\n'),
}
# name: (the response, how the origin's connection then ends, whether only its end is the response's)
RESPONSES = {
    "length": (ok(b"hello world"), ""),
    "empty": (ok(b""), ""),
    "length and close": (ok(b"bye", b"Connection: close"), "fin"),
    "large": (ok(b"0123456789abcdef" * 8192), ""),
    "chunked": (b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n" + chunked(b"hello", b"world" * 500), ""),
    "chunked trailers": (b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\nTrailer: X-T\r\n\r\n" + chunked(b"hi", trailers=[b"X-T: 1"]), ""),
    "until the end": (b"HTTP/1.1 200 OK\r\nContent-Type: text/plain\r\n\r\nall of it", "fin"),
    "1.0": (b"HTTP/1.0 200 OK\r\nContent-Length: 2\r\n\r\nok", "fin"),
    "1.0 until the end": (b"HTTP/1.0 200 OK\r\n\r\nold", "fin"),
    "no content": (b"HTTP/1.1 204 No Content\r\n\r\n", ""),
    "not modified": (b'HTTP/1.1 304 Not Modified\r\nETag: "x"\r\nContent-Length: 77\r\n\r\n', ""),
    "redirect": (ok(b"", b"Location: http://{0}/else", status=b"302 Found"), ""),
    "not found": (ok(b"nothing", status=b"404 Not Found"), ""),
    "no reason": (b"HTTP/1.1 200 \r\nContent-Length: 1\r\n\r\nx", ""),
    "hop fields": (ok(b"x", b"Connection: X-Hop", b"X-Hop: 1", b"Keep-Alive: timeout=9, max=3", b"Proxy-Connection: close",
                      b"Proxy-Authenticate: Basic realm=x", b"Set-Cookie: a=b", b"Set-Cookie: c=d", b"Via: 1.1 cdn"), ""),
    "hints": (b"HTTP/1.1 103 Early Hints\r\nLink: </s.css>\r\n\r\nHTTP/1.1 102 Processing\r\n\r\n" + ok(b"after hints"), ""),
    "401": (ok(b"who", b'WWW-Authenticate: Basic realm="o"', status=b"401 Unauthorized"), ""),
    "bad status line": (b"HTTP/1.1 2x0 OK\r\nContent-Length: 2\r\n\r\nok", ""),
    "not http": (b"SSH-2.0-OpenSSH_9.2\r\n", ""),
    "two lengths": (b"HTTP/1.1 200 OK\r\nContent-Length: 2\r\nContent-Length: 3\r\n\r\nok!", ""),
    "length and chunked": (b"HTTP/1.1 200 OK\r\nContent-Length: 2\r\nTransfer-Encoding: chunked\r\n\r\n" + chunked(b"ok"), ""),
    "bad chunk": (b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n5\r\nhello\r\nzz\r\n", ""),
    "cut by fin": (b"HTTP/1.1 200 OK\r\nContent-Length: 100\r\n\r\nhalf", "fin"),
    "cut by rst": (b"HTTP/1.1 200 OK\r\nContent-Length: 100\r\n\r\nhalf", "rst"),
    "chunked cut": (b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n5\r\nhello\r\n", "fin"),
    "head cut": (b"HTTP/1.1 200 OK\r\nContent-Le", "fin"),
    "nothing but fin": (b"", "fin"),
    "nothing but rst": (b"", "rst"),
    "more than it says": (ok(b"ok") + b"HTTP/1.1 200 OK\r\nContent-Length: 4\r\n\r\nevil", ""),
    "101 unasked": (b"HTTP/1.1 101 Switching Protocols\r\nUpgrade: foo\r\nConnection: Upgrade\r\n\r\n", ""),
}


def exchange(request, response):
    """One request, its response, and a second request on the same connection if it still stands."""
    (method, asked), (answer, end) = REQUESTS[request], RESPONSES[response]

    def run(talk):
        origin, client = talk.origin(), talk.client()
        client.say(asked)
        peer = origin.hear_request()
        peer.say(answer)
        if end == "fin":
            peer.fin()
        elif end == "rst":
            # The proxy must have read what came before, for a reset overtakes it.
            if answer:
                client.hear(1)
            peer.rst()
        got = client.hear_answer(method)
        if got is not None and got.complete and not client.ended:
            client.say(get(b"/again"))
            origin.hear_request().say(ok(b"again"))
            client.hear_answer()
    return run


for request_ in REQUESTS:
    for response_ in RESPONSES:
        STORIES.append((f"{request_} / {response_}", "plain", exchange(request_, response_)))

# --- bodies, expectations, early answers ------------------------------------------------------------------------------------------


@story("expect: the origin says 100")
def _(t):
    o, c = t.origin(), t.client()
    c.say(post(b"", b"Expect: 100-continue").replace(b"Content-Length: 0", b"Content-Length: 5"))
    p = o.hear_head()
    p.say(b"HTTP/1.1 100 Continue\r\n\r\n")
    c.hear(12)
    c.say(b"hello")
    p.hear(5)
    p.say(ok(b"thanks"))
    c.hear_answer(b"POST")


@story("expect: the origin refuses")
def _(t):
    o, c = t.origin(), t.client()
    c.say(post(b"", b"Expect: 100-continue").replace(b"Content-Length: 0", b"Content-Length: 5"))
    o.hear_head().say(ok(b"too big", status=b"417 Expectation Failed"))
    c.hear_answer(b"POST")


@story("expect: something else")
def _(t):
    o, c = t.origin(), t.client()
    c.say(get(b"/", b"Expect: 200-maybe"))
    o.hear_request().say(ok(b"maybe"))
    c.hear_answer()


@story("an early answer, then the rest of the body")
def _(t):
    o, c = t.origin(), t.client()
    c.say(get(b"/", b"Content-Length: 10", method=b"POST") + b"01234")
    p = o.hear_head()
    p.hear(5)
    p.say(ok(b"early"))
    c.hear_answer(b"POST")
    c.say(b"56789")
    p.hear(5)


@story("an early 413 and close")
def _(t):
    o, c = t.origin(), t.client()
    c.say(get(b"/", b"Content-Length: 100000", method=b"POST") + b"01234")
    p = o.hear_head()
    p.hear(5)
    p.say(ok(b"too large", b"Connection: close", status=b"413 Content Too Large")).fin()
    c.hear_answer(b"POST")


@story("the client ends in the middle of its body")
def _(t):
    o, c = t.origin(), t.client()
    c.say(get(b"/", b"Content-Length: 10", method=b"POST") + b"01234")
    p = o.hear_head()
    p.hear(5)
    c.fin()
    p.hear_end()


@story("the client resets in the middle of its chunked body")
def _(t):
    o, c = t.origin(), t.client()
    c.say(get(b"/", b"Transfer-Encoding: chunked", method=b"POST") + b"5\r\nhello\r\n")
    p = o.hear_head()
    p.hear(10)
    c.rst()
    p.hear_end()


@story("a fault in the middle of a chunked body")
def _(t):
    o, c = t.origin(), t.client()
    c.say(get(b"/", b"Transfer-Encoding: chunked", method=b"POST") + b"5\r\nhello\r\n")
    p = o.hear_head()
    p.hear(10)
    c.say(b"xyz\r\n")
    p.hear_end()
    c.hear_answer(b"POST")


# --- ends -----------------------------------------------------------------------------------------------------------------------


@story("the client sends FIN behind its request")
def _(t):
    o, c = t.origin(), t.client()
    c.say(get()).fin()
    o.hear_request().say(ok(b"still served"))
    c.hear_answer()
    c.hear_end()


@story("the client sends FIN in the middle of the answer")
def _(t):
    o, c = t.origin(), t.client()
    c.say(get())
    p = o.hear_request()
    p.say(b"HTTP/1.1 200 OK\r\nContent-Length: 10\r\n\r\n01234")
    c.hear(40)
    c.fin()
    p.say(b"56789")
    c.hear_end()


@story("the client resets before the answer")
def _(t):
    o, c = t.origin(), t.client()
    c.say(get())
    p = o.hear_request()
    c.rst()
    p.hear_end()


@story("the client resets in the middle of the answer")
def _(t):
    o, c = t.origin(), t.client()
    c.say(get())
    p = o.hear_request()
    p.say(b"HTTP/1.1 200 OK\r\nContent-Length: 10\r\n\r\n01234")
    c.hear(40)
    c.rst()
    p.hear_end()


@story("a client that says nothing and ends")
def _(t):
    t.client().fin().hear_end()


@story("half a head and FIN")
def _(t):
    t.client().say(b"GET http://a.example/ HT").fin().hear_end()


@story("nobody listens at the origin")
def _(t):
    o, c = t.origin(), t.client()
    o.listener.shutdown(2)
    o.listener.close()
    t.closed = t.origins.pop()
    c.say(get(host=b"127.0.0.1:%d" % t.closed.port))
    c.hear_answer()


@story("nobody listens at the tunnel's end")
def _(t):
    o, c = t.origin(), t.client()
    o.listener.shutdown(2)
    o.listener.close()
    t.closed = t.origins.pop()
    c.say(connect(b"127.0.0.1:%d" % t.closed.port))
    c.hear_answer(b"CONNECT")


# --- pool, retry, pipelining -----------------------------------------------------------------------------------------------------


@story("a second client takes the first one's upstream connection")
def _(t):
    o = t.origin()
    for number in range(3):
        c = t.client()
        c.say(get(b"/%d" % number))
        o.hear_request().say(ok(b"%d" % number))
        c.hear_answer()


for how_ in ("fin", "rst"):
    for request_ in ("get", "post", "delete", "put", "head", "post chunked"):
        def stale(t, how=how_, request=request_):
            method, asked = REQUESTS[request]
            o, c = t.origin(), t.client()
            c.say(get(b"/first"))
            p = o.hear_request()
            p.say(ok(b"1"))
            c.hear_answer()
            c.say(asked)
            # On the pooled connection the second request is read, then the connection ends without a byte.
            p = o.hear_head()
            p.fin() if how == "fin" else p.rst()
            if request != "post" and "chunked" not in request:
                o.hear_request().say(ok(b"2"))
            c.hear_answer(method)
        STORIES.append((f"a pooled connection that ends by {how_} under a {request_}", "plain", stale))


@story("three requests at once, answered in their order")
def _(t):
    o, c = t.origin(), t.client()
    c.say(get(b"/1") + post(b"two", path=b"/2") + get(b"/3"))
    for number in (1, 2, 3):
        o.hear_request().say(ok(b"%d" % number))
        c.hear_answer(b"POST" if number == 2 else b"GET")


@story("two origins, the first one slow")
def _(t):
    a, b, c = t.origin(), t.origin(), t.client()
    c.say(get(b"/1") + get(b"/2", host=b"{1}"))
    a.hear_request().say(ok(b"a"))
    b.hear_request().say(ok(b"b"))
    c.hear_answer()
    c.hear_answer()


@story("a CONNECT behind a GET")
def _(t):
    o, c = t.origin(), t.client()
    c.say(get() + connect() + b"early")
    o.hear_request().say(ok(b"first"))
    c.hear_answer()
    tunnel = o.accept(1)
    c.hear_answer(b"CONNECT")
    tunnel.hear(5)
    tunnel.say(b"late").fin()
    c.hear(4)


@story("a fault behind a good request")
def _(t):
    o, c = t.origin(), t.client()
    c.say(get() + b"GET / HTTP/1.1\r\nBad Field: x\r\n\r\n")
    o.hear_request().say(ok(b"good"))
    c.hear_answer()
    c.hear_answer()
    c.hear_end()


# --- tunnels ----------------------------------------------------------------------------------------------------------------------


def tunnel_of(t, early=b""):
    o, c = t.origin(), t.client()
    c.say(connect() + early)
    p = o.accept()
    c.hear_answer(b"CONNECT")
    return c, p


@story("a tunnel, both ways")
def _(t):
    c, p = tunnel_of(t, b"early")
    p.hear(5)
    p.say(b"x" * 100_000)
    c.hear(100_000)
    c.say(b"y" * 100_000)
    p.hear(100_000)
    c.fin()
    p.hear_end()
    p.say(b"after fin").fin()
    c.hear_end()


for who_ in ("client", "origin"):
    for how_ in ("fin", "rst"):
        def ends(t, who=who_, how=how_):
            c, p = tunnel_of(t)
            c.say(b"ping")
            p.hear(4)
            p.say(b"pong")
            c.hear(4)
            first, second = (c, p) if who == "client" else (p, c)
            first.fin() if how == "fin" else first.rst()
            second.hear_end()
        STORIES.append((f"a tunnel that the {who_} ends by {how_}", "plain", ends))

for name_, request_ in {
    "CONNECT without a port": connect(b"localhost"),
    "CONNECT to port 0": connect(b"localhost:0"),
    "CONNECT with a path": connect(b"localhost:443/x"),
    "CONNECT with a length": connect(b"{0}", b"Content-Length: 5") + b"hello",
    "CONNECT to an odd port": connect(b"localhost:70000"),
    "CONNECT, another Host": connect(b"{0}", host=b"other.example"),
    "GET in origin-form": b"GET / HTTP/1.1\r\nHost: {proxy}\r\n\r\n",
    "GET of the proxy's own page": b"GET http://{proxy}/ HTTP/1.1\r\nHost: {proxy}\r\nAccept: application/json\r\n\r\n",
    "OPTIONS *": b"OPTIONS * HTTP/1.1\r\nHost: {proxy}\r\n\r\n",
    "TRACE, Max-Forwards 0": get(b"/", b"Max-Forwards: 0", b"X-A: 1", b"Authorization: secret", method=b"TRACE"),
    "OPTIONS, Max-Forwards 0": get(b"/", b"Max-Forwards: 0", method=b"OPTIONS"),
    "TRACE, Max-Forwards 3": get(b"/", b"Max-Forwards: 3", method=b"TRACE"),
    "a loop": get(b"/", b"Via: 1.1 net"),
    "no Host": b"GET http://{0}/ HTTP/1.1\r\n\r\n",
    "two Hosts": get(b"/", b"Host: {0}"),
    "another Host": b"GET http://{0}/ HTTP/1.1\r\nHost: other.example\r\n\r\n",
    "Host with spaces": b"GET http://{0}/ HTTP/1.1\r\nHost: a b\r\n\r\n",
    "userinfo": b"GET http://u:p@{0}/ HTTP/1.1\r\nHost: {0}\r\n\r\n",
    "an empty path": b"GET http://{0} HTTP/1.1\r\nHost: {0}\r\n\r\n",
    "an empty path with a query": b"GET http://{0}?q HTTP/1.1\r\nHost: {0}\r\n\r\n",
    "a fragment": b"GET http://{0}/#x HTTP/1.1\r\nHost: {0}\r\n\r\n",
    "https in the clear": b"GET https://{0}/ HTTP/1.1\r\nHost: {0}\r\n\r\n",
    "ftp": b"GET ftp://{0}/ HTTP/1.1\r\nHost: {0}\r\n\r\n",
    "a relative target": b"GET foo HTTP/1.1\r\nHost: {0}\r\n\r\n",
    "bytes above 127 in the path": b"GET http://{0}/caf\xc3\xa9 HTTP/1.1\r\nHost: {0}\r\n\r\n",
    "HTTP/2.0": b"GET http://{0}/ HTTP/2.0\r\nHost: {0}\r\n\r\n",
    "HTTP/1.2": b"GET http://{0}/ HTTP/1.2\r\nHost: {0}\r\n\r\n",
    "HTTP/0.9": b"GET /\r\n\r\n",
    "TLS to the proxy": client_hello("a.example"),
    "empty lines first": b"\r\n\r\n" + get(),
    "bare LF": b"GET http://{0}/ HTTP/1.1\nHost: {0}\n\n",
    "obs-fold": get(b"/", b"X-A: one\r\n two"),
    "a space before the colon": get(b"/", b"X-A : one"),
    "NUL in a value": get(b"/", b"X-A: o\0ne"),
    "a long line": get(b"/" + b"a" * 20_000),
    "a long field": get(b"/", b"X-A: " + b"a" * 20_000),
    "a long head": get(b"/", *[b"X-%d: %s" % (n, b"a" * 8_000) for n in range(9)]),
    "many fields": get(b"/", *[b"X-%d: a" % n for n in range(300)]),
    "256 fields, 60 nominated": get(b"/", b"Connection: " + b", ".join(b"X-%d" % n for n in range(60)), *[b"X-%d: a" % n for n in range(250)]),
    "two lengths": get(b"/", b"Content-Length: 1", b"Content-Length: 2", method=b"POST") + b"abc",
    "length and chunked": get(b"/", b"Content-Length: 1", b"Transfer-Encoding: chunked", method=b"POST") + chunked(b"a"),
    "gzip, chunked": get(b"/", b"Transfer-Encoding: gzip, chunked", method=b"POST") + chunked(b"a"),
    "chunked twice": get(b"/", b"Transfer-Encoding: chunked, chunked", method=b"POST") + chunked(b"a"),
    "a name under .invalid": get(host=b"nothing.invalid"),
    "CONNECT to a name under .invalid": connect(b"nothing.invalid:443"),
    "a link-local address": get(host=b"169.254.169.254"),
    "an unspecified address": get(host=b"0.0.0.0:{0p}"),
    "a number for an address": get(host=b"2130706433:{0p}"),
    "an octal address": get(host=b"0177.0.0.1:{0p}"),
    "a short address": get(host=b"127.1:{0p}"),
    "a mapped address": get(host=b"[::ffff:127.0.0.1]:{0p}"),
    "a trailing dot": get(host=b"localhost.:{0p}"),
    "capitals": get(host=b"LOCALHOST:{0p}"),
    "port 080": get(host=b"127.0.0.1:0{0p}"),
    "the port left out behind a colon": get(host=b"127.0.0.1:"),
}.items():
    def single(t, request=request_):
        o, c = t.origin(), t.client()
        c.say(request)
        method = request.split(b" ")[0]
        if method == b"CONNECT":
            p = o.accept()
            c.hear_answer(method)
            p.say(b"through")
            c.hear(7)
        else:
            o.hear_request().say(ok(b"served"))
            c.hear_answer(method)
    STORIES.append((name_, "plain", single))

# --- upgrades ----------------------------------------------------------------------------------------------------------------------

WEBSOCKET = get(b"/chat", b"Connection: Upgrade", b"Upgrade: websocket", b"Sec-WebSocket-Version: 13", b"Sec-WebSocket-Key: dGhlIHNhbXBsZQ==")
SWITCH = b"HTTP/1.1 101 Switching Protocols\r\nUpgrade: websocket\r\nConnection: Upgrade\r\nSec-WebSocket-Accept: x\r\n\r\n"


@story("a WebSocket")
def _(t):
    o, c = t.origin(), t.client()
    c.say(WEBSOCKET)
    p = o.hear_request()
    p.say(SWITCH + b"early")
    c.hear_answer()
    c.hear(5)
    c.say(b"frame")
    p.hear(5)
    c.fin()
    p.hear_end()
    p.fin()
    c.hear_end()


@story("an upgrade that the origin declines")
def _(t):
    o, c = t.origin(), t.client()
    c.say(WEBSOCKET)
    o.hear_request().say(ok(b"no"))
    c.hear_answer()
    c.say(get(b"/then"))
    o.hear_request().say(ok(b"yes"))
    c.hear_answer()


# --- rules, names inside tunnels ---------------------------------------------------------------------------------------------------

for name_, request_ in {
    "a host that is denied": get(host=b"denied.example"),
    "a host under a denied name": get(host=b"a.ads.example"),
    "CONNECT to a denied host": connect(b"denied.example:443"),
    "CONNECT to a denied host, bytes behind": connect(b"denied.example:443") + get(),
    "a method that is denied": get(host=b"localhost:{0p}", method=b"DELETE"),
    "a path that is denied": get(b"/private/x", host=b"localhost:{0p}"),
    "a path beside the denied one": get(b"/privat", host=b"localhost:{0p}"),
    "a denied path, encoded": get(b"/%70rivate/x", host=b"localhost:{0p}"),
    "a denied path, doubled slash": get(b"//private/x", host=b"localhost:{0p}"),
    "a denied path, climbing": get(b"/a/../private/x", host=b"localhost:{0p}"),
    "a path that is allowed, climbing": get(b"/edit/../secret", host=b"localhost:{0p}"),
    "fields that are edited": get(b"/edit/x", b"X-Gone: 1", b"X-Team: theirs", host=b"localhost:{0p}"),
    "fields that are not": get(b"/x", b"X-Gone: 1", b"X-Team: theirs", host=b"localhost:{0p}"),
    "by address": get(host=b"127.0.0.1:{0p}"),
    "another loopback address": get(host=b"127.0.0.2:{0p}"),
    "what no rule allows": get(host=b"192.0.2.1"),
    "report only": get(b"/watched/x", host=b"localhost:{0p}"),
}.items():
    def ruled(t, request=request_):
        o, c = t.origin(), t.client()
        c.say(request)
        o.hear_request().say(ok(b"served", b"X-Powered-By: net", b"Server: origin"))
        c.hear_answer(request.split(b" ")[0])
    STORIES.append((name_, "rules", ruled))


@story("a limit of two requests an hour", "rules")
def _(t):
    o, c = t.origin(), t.client()
    for number in range(3):
        c.say(get(b"/limited/%d" % number, host=b"localhost:{0p}"))
        o.hear_request().say(ok(b"%d" % number))
        c.hear_answer()


for name_, hello_ in {
    "the same name": client_hello("localhost"),
    "the same name in two records": client_hello("LocalHost", cut=40),
    "another name": client_hello("other.example"),
    "a denied name": client_hello("denied.example"),
    "no name": client_hello(None),
    "no TLS": b"GET / HTTP/1.1\r\nHost: localhost\r\n\r\n",
}.items():
    for where_ in (b"localhost:{0p}", b"127.0.0.1:{0p}"):
        def inside(t, hello=hello_, where=where_):
            o, c = t.origin(), t.client()
            c.say(connect(where))
            p = o.accept()
            c.hear_answer(b"CONNECT")
            c.say(hello, 3, len(hello) // 2)
            t.wait(lambda: len(p.heard) >= len(hello) or p.ended or c.ended, "the hello")
            p.say(b"answer").fin()
            c.fin()
            c.hear_end()
        STORIES.append((f"inside a tunnel to {where_.split(b':')[0].decode()}: {name_}", "rules", inside))

# --- users ---------------------------------------------------------------------------------------------------------------------------

GOOD, WRONG, NOBODY = (b"Proxy-Authorization: Basic " + word for word in (b"YW5uYTpzZWNyZXQ=", b"YW5uYTp3cm9uZw==", b"Ym86c2VjcmV0"))


@story("credentials are asked for, then shown", "users")
def _(t):
    o, c = t.origin(), t.client()
    c.say(get(b"/a"))
    c.hear_answer()
    c.say(get(b"/a", GOOD))
    o.hear_request().say(ok(b"anna"))
    c.hear_answer()
    c.say(get(b"/b", GOOD))
    o.hear_request().say(ok(b"anna again"))
    c.hear_answer()


for name_, request_ in {
    "wrong credentials": get(b"/", WRONG), "an unknown user": get(b"/", NOBODY), "credentials twice": get(b"/", GOOD, GOOD),
    "another scheme": get(b"/", b"Proxy-Authorization: Digest x"), "garbage for credentials": get(b"/", b"Proxy-Authorization: Basic ???"),
    "the scheme in other cases": get(b"/", GOOD.replace(b"Basic", b"bASIC ")), "none with a body": post(b"hello"),
    "good ones with a body": post(b"hello", GOOD), "none, HTTP/1.0": get(version=b"1.0"),
    "CONNECT without": connect(), "CONNECT without, bytes behind": connect() + get(), "CONNECT with": connect(b"{0}", GOOD),
}.items():
    def asked_for(t, request=request_):
        o, c = t.origin(), t.client()
        c.say(request)
        method = request.split(b" ")[0]
        if method == b"CONNECT":
            o.accept().say(b"through")
        else:
            o.hear_request().say(ok(b"served"))
        c.hear_answer(method)
        if method == b"CONNECT":
            c.hear(7)
    STORIES.append((name_, "users", asked_for))


@story("a CONNECT is refused, and what is behind it", "users")
def _(t):
    o, c = t.origin(), t.client()
    c.say(connect())
    c.hear_answer(b"CONNECT")
    c.say(connect(b"{0}", GOOD))
    o.accept()
    c.hear_answer(b"CONNECT")
