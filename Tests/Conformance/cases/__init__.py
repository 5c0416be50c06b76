"""The groups of cases, in the order in which they are listed."""
from cases import (smuggling, target, hop, via, interim, framing, persist, upgrade, connect, limits, fault, big,  # noqa: F401
                   load)
