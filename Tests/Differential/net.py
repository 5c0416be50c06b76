"""The conversations of the net by name, and the run of some of them through one binary."""
import fnmatch
import pathlib
import random
import sys
import types

sys.path.insert(0, str(pathlib.Path(__file__).resolve().parent.parent / "Conformance"))
import cases  # noqa: E402, F401  (fills the registry)
import cuts  # noqa: E402
import transcript  # noqa: E402
from case import CASES, Context  # noqa: E402
from client import Fail, Skip  # noqa: E402
from proxy import Proxy  # noqa: E402
from stories import STORIES  # noqa: E402
from talk import InVain, Talk  # noqa: E402

# What is measured by time or memory, or fills the machine, says nothing here.
LEFT_OUT = ["big-*", "load-*"]


class Side:
    """A binary, with flags that go behind those of the mode."""

    def __init__(self, binary, flags=()):
        self.binary, self.flags = binary, list(flags)

    def __eq__(self, other):
        return (self.binary, self.flags) == (other.binary, other.flags)


def table(count, seed):
    """Name to (mode, story or case)."""
    found = {name: (mode, story) for name, mode, story in STORIES}
    found.update({f"case {case.id}": ("plain", case) for case in CASES
                  if not case.slow and not any(fnmatch.fnmatch(case.id, pattern) for pattern in LEFT_OUT)})
    found.update({name: (mode, story) for name, mode, story in cuts.conversations(max(0, count - len(found)), seed)})
    return found


def names(count, seed):
    return list(table(count, seed))


def address_of(index):
    """A client's address for each conversation: its records bear it, and no limit or memory of clients is shared."""
    return f"127.1.{index // 250 % 256}.{index % 250 + 1}"


def run(side, chosen, count, seed):
    """The transcripts of some conversations by name."""
    all_of, ended, proxies = table(count, seed), {}, {}
    indices = {name: index for index, name in enumerate(all_of)}
    for name in chosen:
        mode, story = all_of[name]
        if mode not in proxies:
            proxies[mode] = Proxy(side.binary, mode, *side.flags)
        address, source = ("127.0.0.1", proxies[mode].port), address_of(indices[name])
        ended[name] = mode, source, *(tell(story, address, source) if callable(story) else judge(story, address, source))
    stopped = {mode: proxy.stop() for mode, proxy in proxies.items()}
    found = {}
    for name, (mode, source, talk, note) in ended.items():
        records, fault = stopped[mode]
        found[name] = transcript.lines(talk, records.get(source, []), note) + ([fault] if fault else [])
    return found


def tell(story, address, source):
    """(the talk, what was waited for in vain)."""
    talk, note = Talk(address, source), ""
    try:
        story(talk)
    except InVain as vain:
        note = f"waited in vain for {vain}"
    except OSError as error:
        note = f"{type(error).__name__}"
    talk.finish()
    return talk, note


def judge(case, address, source):
    """A conformance case as a conversation: its verdict, and what its ends heard."""
    random.seed(case.id)
    context, note = Context(case, types.SimpleNamespace(address=address, source=source, pid=None)), "passed"
    try:
        case.run(context)
    except (Fail, Skip) as end:
        note = f"{type(end).__name__} {end}"
    except Exception as error:  # noqa: BLE001  (a broken story is told, not hidden)
        note = repr(error)
    context.close()
    view = types.SimpleNamespace(proxy=address, origins=[types.SimpleNamespace(port=o.port, peers=[Heard(c.raw) for c in o.connections])
                                                         for o in context.origins],
                                 clients=[Heard(c.raw) for c in context.clients])
    return view, note


class Heard:
    """What an end of a case has heard; how it ended depends on when the case looked."""
    ended = ""

    def __init__(self, raw):
        self.heard = bytes(raw)


