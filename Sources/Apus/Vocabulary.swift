// What an embedder's policy and observer speak of: with `import Apus` these are known, and the machine room is not.

@_exported public import struct ApusFlow.AccessRecord
@_exported public import struct ApusFlow.ByteCounts
@_exported public import struct ApusFlow.Ending
@_exported public import struct ApusFlow.PhaseTimes
@_exported public import enum ApusFlow.Side
@_exported public import enum ApusFlow.Stage
@_exported public import struct ApusPolicy.Ask
@_exported public import enum ApusPolicy.Route
@_exported public import enum ApusPolicy.Verdict
@_exported public import struct ApusWire.IPAddress
