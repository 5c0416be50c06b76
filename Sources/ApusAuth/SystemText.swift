internal import ApusReactor

/// What the system calls its errors.
enum SystemText {
    static func describe(_ code: Int32) -> String { SocketError(code: code).description }
}
