// Parsers throw what they find: the fault is the error.
extension RequestFault: Error {}
extension ResponseFault: Error {}
