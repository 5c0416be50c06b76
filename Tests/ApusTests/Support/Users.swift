import Apus
import Synchronization

/// A Proxy-Authorization line with Basic credentials.
func basic(_ user: String, _ password: String) -> String {
    "Proxy-Authorization: Basic \(base64("\(user):\(password)"))"
}

/// Base64 of text.
func base64(_ text: String) -> String {
    let digits = Array("ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/")
    let bytes = Array(text.utf8)
    return stride(from: 0, to: bytes.count, by: 3).map { start in
        let part = bytes[start..<min(start + 3, bytes.count)]
        let group = part.reduce(0) { $0 << 8 | UInt32($1) } << UInt32(8 * (3 - part.count))
        let text = (0...part.count).map { digits[Int(group >> UInt32(18 - 6 * $0) & 63)] }
        return String(text) + String(repeating: "=", count: 3 - part.count)
    }.joined()
}

/// Knows some users by their passwords, and counts how often it is asked.
final class Doorkeeper: Authenticator {
    typealias Answer = @Sendable (ProxyCredentials) async -> Authentication

    private let answer: Answer
    private let asked = Mutex<[ProxyCredentials]>([])

    init(_ answer: @escaping Answer) { self.answer = answer }

    /// Anna's password is `sesame`, Bo's `abracadabra`; the token `t0ken` is CI's.
    convenience init() {
        self.init { credentials in
            switch credentials {
            case .basic(user: "anna", password: Secret("sesame")): .user("anna", groups: ["ops"])
            case .basic(user: "bo", password: Secret("abracadabra")): .user("bo")
            case .basic(user: "b\u{f6}rn", password: Secret("d\u{f6}r")): .user("b\u{f6}rn")
            case .bearer(Secret("t0ken")): .user("ci")
            default: .invalid
            }
        }
    }

    var challenges: [String] { [Challenge.basic(), Challenge.bearer()] }
    var count: Int { asked.withLock { $0.count } }

    func authenticate(_ credentials: ProxyCredentials, from client: IPAddress) async -> Authentication {
        asked.withLock { $0.append(credentials) }
        return await answer(credentials)
    }
}

/// What tasks wait for until it is opened.
final class Latch: Sendable {
    private struct State {
        var isOpen = false
        var waiting: [CheckedContinuation<Void, Never>] = []
    }

    private let state = Mutex(State())

    /// How many wait.
    var waitingCount: Int { state.withLock { $0.waiting.count } }

    func wait() async {
        await withCheckedContinuation { continuation in
            let isOpen = state.withLock { state in
                if !state.isOpen { state.waiting.append(continuation) }
                return state.isOpen
            }
            if isOpen { continuation.resume() }
        }
    }

    func open() {
        let waiting = state.withLock { state in
            state.isOpen = true
            defer { state.waiting = [] }
            return state.waiting
        }
        for continuation in waiting { continuation.resume() }
    }
}

/// Takes everybody's word.
struct Anybody: Authenticator {
    var challenges: [String] { [Challenge.basic()] }
    func authenticate(_ credentials: ProxyCredentials, from client: IPAddress) async -> Authentication {
        guard case .basic(let user, _) = credentials else { return .invalid }
        return .user(user)
    }
}
