// What an embedder's policy and observer speak of: with `import Apus` these are known, and the machine room is not.

@_exported public import struct ApusFlow.AccessRecord
@_exported public import struct ApusFlow.ByteCounts
@_exported public import struct ApusFlow.Ending
@_exported public import struct ApusFlow.PhaseTimes
@_exported public import enum ApusFlow.Side
@_exported public import enum ApusFlow.Stage
@_exported public import struct ApusPolicy.Ask
@_exported public import struct ApusPolicy.Condition
@_exported public import struct ApusPolicy.FieldEdits
@_exported public import enum ApusPolicy.HostPattern
@_exported public import struct ApusPolicy.Permission
@_exported public import struct ApusPolicy.PolicyRules
@_exported public import enum ApusPolicy.ProxyCredentials
@_exported public import struct ApusPolicy.Rejection
@_exported public import enum ApusPolicy.Route
@_exported public import struct ApusPolicy.Rule
@_exported public import enum ApusPolicy.RuleAction
@_exported public import enum ApusPolicy.Scheme
@_exported public import struct ApusPolicy.Secret
@_exported public import struct ApusPolicy.ServerNameCheck
@_exported public import struct ApusPolicy.SourcePosition
@_exported public import struct ApusPolicy.UsageLimit
@_exported public import enum ApusPolicy.UserPattern
@_exported public import enum ApusPolicy.Verdict
@_exported public import struct ApusWire.CIDR
@_exported public import struct ApusWire.IPAddress
