"""Random conversations: requests and responses from a small grammar, now and then damaged, cut at random in both directions."""
import random

import stories
from hello import client_hello
from stories import chunked, connect, get, ok
from wire import parse_response

FIELDS = [b"User-Agent: curl/8.1", b"Accept: */*", b"Accept-Encoding: gzip, br", b"Cookie: a=b; c=d", b"Connection: keep-alive",
          b"Connection: close", b"Proxy-Connection: keep-alive", b"Connection: X-Hop, TE", b"X-Hop: yes", b"TE: trailers, deflate",
          b"Via: 1.1 before", b"X-Empty:", b"X-Space:   padded  ", b"x-lower: Case", b"Referer: http://a.example/?q", b"Max-Forwards: 5",
          b"Authorization: Basic dXNlcjpwYXNz", b"Forwarded: for=192.0.2.1", b"Cache-Control: no-cache", b"Range: bytes=0-4",
          b"X-Latin: caf\xe9", b"Keep-Alive: 300", b"Upgrade: h2c", b"Content-Type: text/plain", b"Expect: 100-continue"]
ANSWER_FIELDS = [b"Server: net", b"Set-Cookie: a=b", b"Set-Cookie: c=d; Path=/", b"Connection: keep-alive", b"Connection: close",
                 b"Keep-Alive: timeout=5", b"Content-Type: text/html", b"ETag: \"1\"", b"Vary: *", b"Via: 1.0 cdn (x, y)", b"X-Empty:",
                 b"Transfer-Encoding: identity", b"Trailer: X-T", b"Upgrade: h3", b"Warning: 199 - \"x\""]
METHODS = [b"GET"] * 8 + [b"HEAD", b"POST", b"POST", b"POST", b"PUT", b"DELETE", b"OPTIONS", b"PATCH", b"QUERY"]
PATHS = [b"/", b"/a/b?c=d&e", b"/%7euser/%41", b"/a//b/../c", b"/;v=1", b"/?", b"/" + b"long/" * 200, b"", b"?only=query", b"/a%2fb", b"/'()*!$"]
STATUSES = [b"200 OK"] * 6 + [b"201 Created", b"206 Partial Content", b"204 No Content", b"304 Not Modified", b"302 Found", b"404 Not Found",
                              b"500 Oh no", b"503 Busy", b"299 ", b"999 Odd"]
DAMAGE = [b"\r", b"\n", b"\0", b" ", b":", b"\x7f", b"\xff", b"\t", b"A", b"0", b";", b"/", b"\r\n"]


def blob(rng):
    return rng.randbytes(rng.choice([0, 1, 5, 100, 1000, 5000, 20_000])).hex().encode()


def pieces(rng, body):
    """The body as chunks of random sizes."""
    at, found = 0, []
    while at < len(body):
        size = rng.choice([1, 7, 100, 4096, 20_000])
        found.append(body[at:at + size])
        at += size
    return found[:40] + ([body[sum(map(len, found[:40])):]] if len(found) > 40 else [])


def cuts(rng, data):
    """At most a dozen places, more of them in the head."""
    head = data.find(b"\r\n\r\n") + 4 or len(data)
    return [rng.randrange(0, head + 1) for _ in range(rng.choice([0, 0, 1, 2, 5, 8]))] + [
        rng.randrange(0, len(data) + 1) for _ in range(rng.choice([0, 0, 1, 4]))]


def damaged(rng, data):
    """With a byte changed, left out or put in, somewhere in the head."""
    at = rng.randrange(max(1, data.find(b"\r\n\r\n") + 4))
    return data[:at] + rng.choice([b"", rng.choice(DAMAGE)]) + data[at + rng.randrange(2):]


def request(rng):
    method = rng.choice(METHODS)
    fields = rng.sample(FIELDS, rng.randrange(6))
    version = rng.choice([b"1.1"] * 9 + [b"1.0"])
    body, framing = b"", rng.choice(["none", "length", "chunked"]) if method not in (b"GET", b"HEAD") else "none"
    if framing == "length":
        body = blob(rng)
        fields.append(b"Content-Length: %d" % len(body))
    elif framing == "chunked" and version == b"1.1":
        body = chunked(*pieces(rng, blob(rng)), trailers=[b"X-T: 1"] * rng.randrange(2))
        fields.append(b"Transfer-Encoding: chunked")
    rng.shuffle(fields)
    return method, get(rng.choice(PATHS), *fields, method=method, version=version) + body


def answer(rng, method):
    """(bytes, how the origin then ends its connection)."""
    status, fields = rng.choice(STATUSES), rng.sample(ANSWER_FIELDS, rng.randrange(5))
    interim = b"HTTP/1.1 103 Early Hints\r\nLink: </x>\r\n\r\n" * rng.choice([0, 0, 0, 1, 2])
    body = b"" if status[:3] in (b"204", b"304") else blob(rng)
    how = rng.choice(["length", "length", "chunked", "end"])
    content = b"" if method == b"HEAD" else body
    if status[:3] in (b"204", b"304"):
        text = b""
    elif how == "length":
        fields.append(b"Content-Length: %d" % len(body))
        text = content
    elif how == "chunked":
        fields.append(b"Transfer-Encoding: chunked")
        text = b"" if method == b"HEAD" else chunked(*pieces(rng, body), trailers=[b"X-T: 1"] * rng.randrange(2))
    else:
        text = content
    rng.shuffle(fields)
    data = interim + b"\r\n".join([b"HTTP/1.1 " + status, *fields]) + b"\r\n\r\n" + text
    end = "fin" if how == "end" or rng.random() < 0.15 else ""
    if rng.random() < 0.1:
        data, end = data[:rng.randrange(len(data) + 1)], "fin"
    return data, end


def is_whole(told, method):
    """Whether bytes hold a final response that needs no end of the connection."""
    at = 0
    while True:
        response, at = parse_response(told, at, method, False)
        if response is None or at is None:
            return False
        if response.status >= 200 or response.status == 101:
            return response.complete


def exchanges(rng):
    """A few requests on one connection, each after the last one's answer, or all at once."""
    count, at_once = rng.randrange(1, 5), rng.random() < 0.2
    plan = []
    for _ in range(count):
        method, asked = request(rng)
        if rng.random() < 0.12:
            asked = damaged(rng, asked)
        told, end = answer(rng, method)
        if rng.random() < 0.08:
            told = damaged(rng, told)
        # The next request is there when the response is whole: whether the proxy sends it before it sees the end is a matter of time.
        if at_once and is_whole(told, method):
            end = ""
        plan.append((method, asked, told, end))
    asked_cuts = [cuts(rng, asked) for _, asked, _, _ in plan]
    told_cuts = [cuts(rng, told) for _, _, told, _ in plan]
    all_cuts = cuts(rng, b"".join(asked for _, asked, _, _ in plan))
    last = rng.choice(["", "", "fin", "rst"])

    def run(talk):
        origin, client = talk.origin(), talk.client()
        if at_once:
            client.say(b"".join(asked for _, asked, _, _ in plan), *all_cuts)
        for number, (method, asked, told, end) in enumerate(plan):
            if not at_once:
                if client.ended:
                    return
                client.say(asked, *asked_cuts[number])
            peer = origin.hear_request()
            peer.say(told, *told_cuts[number])
            if end:
                peer.fin()
            response = client.hear_answer(method)
            if response is None or not response.complete:
                return
        if last == "fin":
            client.fin().hear_end()
        elif last == "rst":
            client.rst()
    return run


def tunnel(rng):
    """Bytes both ways through a tunnel, some of them early, and an end by either side."""
    early = rng.choice([b"", b"", b"early", client_hello("a.example")])
    turns = [(rng.random() < 0.5, blob(rng)) for _ in range(rng.randrange(1, 6))]
    turn_cuts = [cuts(rng, data) for _, data in turns]
    asked = connect(b"{0}", *rng.sample(FIELDS, rng.randrange(3))) + early
    asked_cuts = cuts(rng, asked)
    first, how = rng.random() < 0.5, rng.choice(["fin", "rst"])

    def run(talk):
        origin, client = talk.origin(), talk.client()
        client.say(asked, *asked_cuts)
        peer = origin.accept()
        client.hear_answer(b"CONNECT")
        peer.hear(len(early))
        for (upwards, data), at in zip(turns, turn_cuts):
            sender, receiver = (client, peer) if upwards else (peer, client)
            sender.say(data, *at)
            receiver.hear(len(data))
        ends, other = (client, peer) if first else (peer, client)
        ends.fin() if how == "fin" else ends.rst()
        other.hear_end()
    return run


def told(rng):
    """One of the stories of requests by responses, cut at random."""
    method, asked = rng.choice(list(stories.REQUESTS.values()))
    text, end = rng.choice(list(stories.RESPONSES.values()))
    asked_cuts, text_cuts = cuts(rng, asked), cuts(rng, text)

    def run(talk):
        origin, client = talk.origin(), talk.client()
        client.say(asked, *asked_cuts)
        peer = origin.hear_request()
        peer.say(text, *text_cuts)
        if end == "fin":
            peer.fin()
        elif end == "rst":
            if text:
                client.hear(1)
            peer.rst()
        response = client.hear_answer(method)
        if response is not None and response.complete and not client.ended:
            client.say(get(b"/again"))
            origin.hear_request().say(ok(b"again"))
            client.hear_answer()
    return run


def conversations(count, seed):
    """(name, mode, story), always the same for a seed."""
    found = []
    for number in range(count):
        rng = random.Random(f"{seed} {number}")
        kind = rng.choices([exchanges, told, tunnel], [6, 3, 1])[0]
        found.append((f"random {number}: {kind.__name__}", "plain", kind(rng)))
    return found
