"""What scripts/check-shape knows of Swift: code without comments and strings, its functions, its types and what they store."""

import dataclasses
import re

FUNCTION = re.compile(r"(?<![.\w])(?:func\s+([^\s(<]+)|(init)\b[?]?(?=\s*[(<])|(deinit)\b|(subscript)\b|var\s+(\w+)\s*:)")
# What ends a requirement that has no body.
NEXT = re.compile(r"(?:@\w+|func|init|deinit|subscript|var|let|case|static|mutating|struct|enum|class|extension|protocol|"
                  r"public|package|internal|private|fileprivate|associatedtype|typealias)\b")

# What may stand in front of a declaration.
MODIFIER = (r"(?:@\w+(?:\([^()\n]*\))?|(?:public|package|internal|private|fileprivate|open|unowned|nonisolated)(?:\(\w+\))?|static|class|final|lazy|"
            r"weak|mutating|override|indirect|borrowing|consuming|required|convenience)\s+")
TYPE = re.compile(r"(?<![.\w])(?<!import )(struct|enum|class|actor|protocol|extension)[ \t]+([A-Z][\w.]*)")
STORED = re.compile(rf"(?<![\w.@`])((?:{MODIFIER})*)(let|var)\s+\(?(\w+)")
CALLABLE = re.compile(r"(?<![.\w])(?:func\s+([^\s(<]+)|(init)\b[?]?(?=\s*[(<])|(subscript)\b)\s*")


@dataclasses.dataclass
class Property:
    name: str
    is_variable: bool
    modifiers: str
    offset: int

    @property
    def is_private(self):
        """Whether nobody outside its file may write it; what is inlined elsewhere cannot be called private, and is written by its own functions."""
        return re.search(r"\b(?:private|fileprivate)\b|@usableFromInline\b", self.modifiers) is not None

    @property
    def is_open(self):
        """Whether whoever may read it may write it."""
        return self.is_variable and not self.is_private and "(set)" not in self.modifiers


@dataclasses.dataclass
class Declaration:
    """A type, or an extension of one."""
    kind: str
    name: str
    head: str
    start: int
    body: int
    end: int
    is_private: bool


def strip(text):
    """The code with comments and the contents of strings as spaces; line breaks stay."""
    out = []
    index, end = 0, len(text)

    def blank(upto):
        nonlocal index
        out.append(re.sub(r"[^\n]", " ", text[index:upto]))
        index = upto

    while index < end:
        if text.startswith("//", index):
            stop = text.find("\n", index)
            blank(end if stop < 0 else stop)
        elif text.startswith("/*", index):
            depth, at = 1, index + 2
            while at < end and depth:
                if text.startswith("/*", at):
                    depth, at = depth + 1, at + 2
                elif text.startswith("*/", at):
                    depth, at = depth - 1, at + 2
                else:
                    at += 1
            blank(at)
        else:
            quote = re.compile(r'(#*)("""|")').match(text, index)
            if quote:
                out.append('"')
                index += 1
                blank(string_end(text, quote) - 1)
                out.append('"')
                index += 1
            else:
                out.append(text[index])
                index += 1
    return "".join(out)


def string_end(text, quote):
    """The offset behind the string that starts at this match; interpolations count as its content."""
    hashes, marks = quote.groups()
    close, escape = marks + hashes, "\\" + hashes
    at = quote.end()
    while at < len(text):
        if text.startswith(escape + "(", at):
            at, depth = at + len(escape) + 1, 1
            while at < len(text) and depth:
                inner = re.compile(r'(#*)("""|")').match(text, at)
                if inner:
                    at = string_end(text, inner)
                    continue
                depth += {"(": 1, ")": -1}.get(text[at], 0)
                at += 1
        elif text.startswith(escape, at):
            at += len(escape) + 1
        elif text.startswith(close, at):
            return at + len(close)
        elif marks == '"' and text[at] == "\n":
            return at
        else:
            at += 1
    return len(text)


def functions(code):
    """(name, offset, lines) of each function, initialiser, subscript and computed property with a body."""
    for match in FUNCTION.finditer(code):
        name = next(group for group in match.groups() if group)
        body = body_start(code, match.end(), property=match.group(5) is not None)
        if body is None:
            continue
        depth, at = 0, body
        while at < len(code):
            depth += {"{": 1, "}": -1}.get(code[at], 0)
            at += 1
            if depth == 0:
                break
        yield name, match.start(), code.count("\n", match.start(), at) + 1


def body_start(code, at, property):
    depth = 0
    while at < len(code):
        mark = code[at]
        if mark in "([":
            depth += 1
        elif mark in ")]":
            depth -= 1
        elif depth == 0:
            if mark == "{":
                return at
            if mark == "}" or (property and mark == "="):
                return None
            if mark == "\n" and NEXT.match(code[at:].lstrip()):
                return None
        at += 1
    return None


def closing(code, at):
    """The offset behind the brace that closes the one at this offset."""
    depth = 0
    for index in range(at, len(code)):
        depth += {"{": 1, "}": -1}.get(code[index], 0)
        if depth == 0:
            return index + 1
    return len(code)


def declarations(code):
    """All types and extensions; one that is nested has the name of its outer one in front."""
    outer = []
    for match in TYPE.finditer(code):
        brace = code.find("{", match.end())
        if brace < 0:
            continue
        while outer and outer[-1].end <= match.start():
            outer.pop()
        line = code[code.rfind("\n", 0, match.start()) + 1:match.start()]
        found = Declaration(match[1], ".".join([outer[-1].name, match[2]] if outer else [match[2]]), code[match.end():brace], match.start(),
                            brace + 1, closing(code, brace),
                            re.search(r"\b(?:private|fileprivate)\s", line) is not None or (bool(outer) and outer[-1].is_private))
        outer.append(found)
        yield found


def level(code, found):
    """The body of a declaration as (without what is in braces, without what is in braces and brackets); lengths and line breaks stay."""
    braces, brackets, shallow, flat = 0, 0, [], []
    for mark in code[found.body:found.end - 1]:
        braces -= mark == "}"
        brackets -= braces == 0 and mark in ")]"
        shown = braces == 0 or mark == "\n"
        shallow.append(mark if shown else " ")
        flat.append(mark if shown and brackets == 0 or mark == "\n" else " ")
        brackets += braces == 0 and mark in "(["
        braces += mark == "{"
    return "".join(shallow), "".join(flat)


def stored(code, found):
    """The stored properties of an instance."""
    shallow, flat = level(code, found)
    for match in STORED.finditer(shallow):
        if flat[match.start(2)] == " " or re.search(r"\b(?:static|class)\b", match[1]):
            continue
        at = match.end()
        while at < len(flat) and flat[at] not in "={;" and not (flat[at] == "\n" and not flat[at:].lstrip().startswith("{")):
            at += 1
        if at < len(flat) and flat[at] in "{\n" and flat[at:].lstrip().startswith("{"):
            brace = found.body + flat.index("{", at)
            if not re.search(r"\b(?:willSet|didSet)\b", code[brace:closing(code, brace)]):
                continue
        yield Property(match[3], match[2] == "var", match[1], found.body + match.start(2))


def mutates(code, found):
    """Whether a declaration has a function or an accessor that changes its value."""
    shallow, flat = level(code, found)
    return re.search(r"\bmutating\s+(?:[@\w]+\s+)*(?:func|subscript)\b", flat) is not None


def callables(code):
    """(name, offset, names of the parameters) of each function, initialiser and subscript."""
    for match in CALLABLE.finditer(code):
        at = match.end()
        if code[at:at + 1] == "<":
            at = code.find("(", generic_end(code, at))
        if at >= 0 and code[at:at + 1] == "(":
            yield match[1] or match[2] or match[3], match.start(), parameters(code, at)


def generic_end(code, at):
    depth = 0
    for index in range(at, len(code)):
        depth += {"<": 1, ">": -1}.get(code[index], 0)
        if depth == 0:
            return index + 1
    return len(code)


def parameters(code, at):
    """The names, as the body knows them, in the parameter list that begins at this offset."""
    names, depth, expects = [], 0, True
    for index in range(at, len(code)):
        mark = code[index]
        if depth == 1 and expects and not mark.isspace() and mark != ")":
            named = re.compile(r"(?:@\w+\s+)*(?:\w+\s+)?(\w+)\s*:").match(code, index)
            names.append(named[1] if named else "")
            expects = False
        depth += (mark in "([{") - (mark in ")]}")
        expects = expects or (mark == "," and depth == 1 and not in_generic(code, at, index))
        if depth == 0:
            break
    return names


def in_generic(code, start, comma):
    """Whether a comma parts the arguments of a generic: behind it comes no label and colon before the next comma or end."""
    return re.compile(r"\s*(?:@\w+\s+)*(?:\w+\s+)?\w+\s*:").match(code, comma + 1) is None
