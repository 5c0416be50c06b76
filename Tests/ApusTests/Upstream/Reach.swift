import ApusFlow
import ApusPolicy
import ApusReactor
import ApusTesting
import ApusWire
import Glibc
import Testing

@testable import Apus

/// An ``Upstreams`` and a reactor that is turned by hand.
struct Reach: ~Copyable {
    /// Hands the events of attempts and of idle connections over, as a thread does.
    final class Handler: ReactorHandler {
        var upstreams: Upstreams
        var news: [DialNews] = []

        init(_ upstreams: consuming Upstreams) { self.upstreams = upstreams }

        func accepted(_ token: Token, listener: Int, peer: SocketAddress, _ io: inout ReactorIO) {}
        func connected(_ token: Token, tag: UInt64, _ io: inout ReactorIO) {
            if Role(tag: tag).kind == .dialing { note(upstreams.connected(Role(tag: tag), token, &io)) }
        }
        func received(
            _ token: Token,
            tag: UInt64,
            _ bytes: Span<UInt8>,
            _ scratch: inout MutableSpan<UInt8>,
            _ io: inout ReactorIO
        ) -> Int {
            ended(token, tag: tag, &io)
            return bytes.count
        }
        func ended(_ token: Token, tag: UInt64, _ io: inout ReactorIO) {
            switch Role(tag: tag).kind {
            case .pooled: upstreams.idleEnded(token, &io)
            case .bound: _ = upstreams.boundEnded(Role(tag: tag).index, &io)
            case .dialing: note(upstreams.failed(Role(tag: tag), token, .reset, &io))
            default: io.close(token)
            }
        }
        func failed(_ token: Token, tag: UInt64, _ error: SocketError, _ io: inout ReactorIO) {
            if Role(tag: tag).kind == .dialing {
                note(upstreams.failed(Role(tag: tag), token, DialFailure(error), &io))
            } else {
                ended(token, tag: tag, &io)
            }
        }
        func expired(_ timer: Timer, _ io: inout ReactorIO) {
            guard timer.kind == Timer.Kind.dial.rawValue, upstreams.holds(.dial, timer) else { return }
            note(upstreams.ticked(dial: timer.index, &io))
        }
        func drained(_ token: Token, tag: UInt64, _ io: inout ReactorIO) {}
        func relayed(_ token: Token, tag: UInt64, _ io: inout ReactorIO) {}
        func rang(_ io: inout ReactorIO) {}
        func exhausted(listener: Int, _ error: SocketError, _ io: inout ReactorIO) {}
        func turned(_ io: inout ReactorIO) {}

        func note(_ news: DialNews?) {
            if let news { self.news.append(news) }
        }
    }

    static let wait = WaitID(client: 5, serial: 11)
    private let handler: Handler
    private let mail: Mailbox<WorkerMessage>
    private let resolver: Resolver
    private var io: ReactorIO

    init(lookUp: @escaping Resolver.LookUp = { _ in .failure(.notFound) }) throws {
        let doorbell = try Waker()
        // All that may fail first: a value that is not copied is made whole or not at all.
        let io = try ReactorIO(doorbell: doorbell)
        mail = Mailbox(doorbell)
        resolver = Resolver(lookUp: lookUp)
        let settings = UpstreamSettings(ProxyConfiguration(), threads: 1)
        handler = Handler(
            Upstreams(
                settings,
                ownerKey: SipHash.Key(1, 2),
                names: HostNames(resolver, mail, number: 0, clientBits: 64, settings.names),
                ownEnds: OwnEnds(OwnDials(), DestinationGuard())
            )
        )
        self.io = io
    }

    var upstreams: Upstreams {
        _read { yield handler.upstreams }
        _modify { yield &handler.upstreams }
    }
    var news: [DialNews] { handler.news }
    var idle: Int { handler.upstreams.idleCount }
    var sockets: Int { io.openSockets }

    /// The connection that the last dial came to.
    var connection: DialledConnection? {
        guard case .connected(let connection)? = news.last?.outcome else { return nil }
        return connection
    }

    /// A route to 127.0.0.1.
    mutating func route(_ port: UInt16) -> Apus.Route {
        var route = Apus.Route(.direct, port: port, literal: IPAddress("127.0.0.1"))
        let host = Array("127.0.0.1".utf8)
        route.origin = handler.upstreams.origin(of: host.span, route)
        return route
    }

    /// Begins a dial, and answers its place.
    @discardableResult
    mutating func dial(_ route: Apus.Route) -> UInt32 {
        var (choice, index) = (AddressChoice(), UInt32.max)
        if let address = route.literal { choice.admit(address, Decision(.allow)) }
        handler.note(handler.upstreams.dial(route, choice, for: Reach.wait, as: &index, &io))
        return index
    }

    /// Dials until the connection stands, and takes it for a request.
    mutating func connect(_ route: Apus.Route) throws -> IdleUpstream {
        handler.news = []
        dial(route)
        turn { $0.connection != nil }
        let found = try #require(connection)
        let idle = IdleUpstream(
            token: found.token,
            origin: found.origin,
            address: try #require(found.address),
            owner: .everybody
        )
        use(idle, for: 0)
        return idle
    }

    mutating func goOn(_ crowded: CrowdedDial, hasRoom: Bool) {
        handler.note(handler.upstreams.goOn(crowded, hasRoom: hasRoom, &io))
    }

    /// Whether its handle is none afterwards.
    mutating func giveUp(_ dial: UInt32) -> Bool {
        var handle = dial
        handler.upstreams.giveUp(dial: &handle, &io)
        return handle == DialState.none
    }

    /// Whether it is an attempt of a dial.
    mutating func connected(_ role: Role, _ token: Token) -> Bool {
        handler.upstreams.connected(role, token, &io) != nil
    }

    mutating func take(_ route: Apus.Route, for owner: PoolOwner = .everybody) -> IdleUpstream? {
        guard case .candidate(let idle) = handler.upstreams.take(route, for: owner, repeatable: true, &io) else {
            return nil
        }
        return idle
    }

    mutating func use(_ idle: IdleUpstream, for client: UInt32) { handler.upstreams.use(idle, for: client, &io) }
    mutating func decline(_ idle: IdleUpstream) { handler.upstreams.decline(idle, &io) }

    mutating func put(_ idle: IdleUpstream, for owner: PoolOwner = .everybody) {
        let idle = IdleUpstream(token: idle.token, origin: idle.origin, address: idle.address, owner: owner)
        handler.upstreams.put(idle, isReused: false, hint: KeepAliveHint(), &io)
    }

    mutating func bind(_ idle: IdleUpstream, to client: UInt32) -> UInt32 {
        handler.upstreams.bind(idle, to: client, hint: KeepAliveHint(), &io)
    }

    mutating func findBound(_ index: UInt32, _ route: Apus.Route, for owner: PoolOwner = .everybody) -> IdleFinding {
        handler.upstreams.find(bound: index, route, for: owner, &io)
    }

    mutating func release(bound index: inout UInt32) { handler.upstreams.release(bound: &index, &io) }

    /// Closes all idle connections; the clients that have none any more.
    mutating func dropIdle() -> [UInt32] { handler.upstreams.dropIdle(&io).clients }

    func owner(_ name: String) -> PoolOwner {
        let name = Array(name.utf8)
        return handler.upstreams.owner(named: name.span)
    }

    func role(_ token: Token) -> Role { io.role(of: token) }
    mutating func limitDescriptors(below ceiling: Int) { io.limitDescriptors(below: ceiling) }

    func find(_ name: String) -> NameLookUp {
        let name = Array(name.utf8)
        return handler.upstreams.find(name.span, now: io.now)
    }

    private func asking(_ wait: WaitID) -> Asking {
        Asking(wait: wait, client: IPAddress(v4: 0x7f00_0001), now: io.now)
    }

    mutating func wait(_ wait: WaitID, for name: String) -> NameJoin {
        let (name, asking) = (Array(name.utf8), asking(wait))
        return handler.upstreams.wait(for: name.span, asking)
    }

    /// Has a name looked up, and answers which waits the answer is for.
    mutating func lookUp(_ name: String, _ ticket: UInt64, _ wait: WaitID) throws -> [UInt64] {
        handler.upstreams.lookUp(name, ticket: ticket, asking(wait))
        let began = time(nil)
        while time(nil) - began < 120 {
            for message in mail.drain() {
                guard case .resolved(let answer) = message else { continue }
                return handler.upstreams.resolved(answer.ticket, NameAnswer(answer), now: io.now)
            }
            io.turn(handler, timeoutMilliseconds: 50)
        }
        throw PeerFault.timedOut
    }

    /// Turns the reactor until something is so; fails the test when it does not come about within minutes.
    mutating func turn(sourceLocation: SourceLocation = #_sourceLocation, until isSo: (inout Reach) -> Bool) {
        let began = time(nil)
        while !isSo(&self) {
            io.turn(handler, timeoutMilliseconds: 50)
            guard time(nil) - began < 120 else {
                Issue.record("it did not come about", sourceLocation: sourceLocation)
                return
            }
        }
    }
}
