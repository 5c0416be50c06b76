internal import ApusPolicy
public import ApusWire

/// How a client comes to its one request by SOCKS (RFC 1928, RFC 1929; SOCKS 4 and 4a), and in which words it is answered.
///
/// A value without references beside the connection's ``Session``, which says what becomes of the connection, and the ``Exchange`` of its
/// request, which is a CONNECT like any other. Each message that was read is an event, and returns a ``SOCKSStep``; bytes never enter.
public struct SOCKSSession: Sendable, BitwiseCopyable {
    /// What is to come of the client.
    public enum Phase: UInt8, Sendable, CaseIterable, BitwiseCopyable {
        /// It speaks no SOCKS.
        case none
        /// The methods that it offers.
        case greeting
        /// Its user name and password.
        case credentials
        /// Nothing: they are being verified.
        case verifying
        /// What it asks for.
        case request
        /// Nothing more: its request has come.
        case asked
    }

    /// What is to come of the client.
    public private(set) var phase = Phase.none
    /// Which version it speaks.
    public private(set) var version = SOCKSRequest.Version.v5

    /// A connection whose first byte has not come, or is none of SOCKS.
    public init() {}

    /// Whether the client speaks SOCKS.
    public var isSpoken: Bool { phase != .none }

    /// The first byte has come.
    ///
    /// - Parameter isOld: whether it is SOCKS 4, which has no greeting, or 5.
    public mutating func began(isOld: Bool) {
        guard phase == .none else { return }
        (phase, version) = isOld ? (.request, .v4) : (.greeting, .v5)
    }

    /// A greeting has come: user name and password are asked for where the client offers them and there are users; else nobody is asked for
    /// anything, where nobody has to be known.
    ///
    /// - Parameters:
    ///   - asks: whether there are users.
    ///   - requires: whether nobody is served without being known.
    public mutating func greeted(_ greeting: SOCKSGreeting, asks: Bool, requires: Bool) -> SOCKSStep {
        guard phase == .greeting else { return broken }
        if asks, greeting.offersUsernamePassword {
            phase = .credentials
            return SOCKSStep(SOCKSAnswer(SOCKSMethod.usernamePassword.selection), .reads)
        }
        if requires { return SOCKSStep(nil, .refuses(.refused(.credentialsMissing))) }
        guard greeting.offersNoAuthentication else { return SOCKSStep(nil, .refuses(.request(.socksMethods))) }
        phase = .request
        return SOCKSStep(SOCKSAnswer(SOCKSMethod.noAuthentication.selection), .reads)
    }

    /// Credentials have come. Without a password, or a name, they are no attempt: Java's client sends what it has, and is nobody.
    ///
    /// - Parameter requires: whether nobody is served without being known.
    public mutating func showed(_ credentials: SOCKSCredentials, requires: Bool) -> SOCKSStep {
        guard phase == .credentials else { return broken }
        if credentials.user.isEmpty || credentials.password.isEmpty {
            return requires ? SOCKSStep(nil, .refuses(.refused(.credentialsMissing))) : accepted()
        }
        phase = .verifying
        return SOCKSStep(nil, .verifies)
    }

    /// The credentials are valid.
    public mutating func identified() -> SOCKSStep { phase == .verifying ? accepted() : broken }

    /// A request has come.
    public mutating func requested(_ request: SOCKSRequest) -> SOCKSStep {
        guard phase == .request else { return broken }
        phase = .asked
        version = request.version
        return SOCKSStep(nil, request.command == .connect ? .decides : .refuses(.request(.socksCommand)))
    }

    /// What the client is told when its connection ends for a fault: an answer to what came last.
    public func answer(to fault: Fault) -> SOCKSAnswer {
        switch phase {
        case .none, .greeting: SOCKSAnswer(SOCKSMethod.noAcceptable.selection)
        case .credentials, .verifying: SOCKSAnswer(SOCKSCredentials.answer(isValid: false))
        case .request, .asked: reply(SOCKSReply.Code(fault))
        }
    }

    /// What it is told when its tunnel stands.
    public var established: SOCKSAnswer { reply(.succeeded) }

    private func reply(_ code: SOCKSReply.Code) -> SOCKSAnswer {
        version == .v5 ? SOCKSAnswer(SOCKSReply.v5(code)) : SOCKSAnswer(SOCKSReply.v4(isGranted: code == .succeeded))
    }

    private mutating func accepted() -> SOCKSStep {
        phase = .request
        return SOCKSStep(SOCKSAnswer(SOCKSCredentials.answer(isValid: true)), .reads)
    }

    /// A message that cannot have been read: this proxy was wrong itself.
    private var broken: SOCKSStep { SOCKSStep(nil, .refuses(.internalError(.requestHead))) }
}
