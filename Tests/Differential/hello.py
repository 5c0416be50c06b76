"""A TLS ClientHello (RFC 8446 §4.1.2), as bare as it may be."""


def vector(size, content):
    return len(content).to_bytes(size, "big") + content


def client_hello(name, cut=None):
    """For a host, or with no name at all; in two records, the first of `cut` bytes, or in one."""
    extensions = b"\0\x2b\0\3\2\3\4"
    if name is not None:
        extensions += b"\0\0" + vector(2, vector(2, b"\0" + vector(2, name.encode())))
    body = b"\3\3" + b"\xaa" * 32 + vector(1, b"\xaa" * 32) + vector(2, b"\x13\1") + vector(1, b"\0") + vector(2, extensions)
    message = b"\1" + vector(3, body)
    parts = [message] if cut is None else [message[:cut], message[cut:]]
    return b"".join(b"\x16\3\1" + vector(2, part) for part in parts)
