import Apus
import ApusTop

/// The loop of `apus top`: keys, signals and events in, a screen out.
struct TopSession: ~Copyable {
    /// A screen is drawn at most so often, in milliseconds.
    private static let frame = 40
    /// How long an escape waits for the rest of a sequence.
    private static let escape = 50
    /// Figures come each second; when none has come for so long, the connection is taken for dead.
    private static let silence = 6000

    private let client: AdminClient
    private let terminal: HostTerminal
    private let colour: Bool
    private var stream: EventConnection
    private var model = TopModel()
    private var keys = KeyReader()
    private var drawnAt = 0
    private var isDirty = true
    private var heardAt: Int
    private var retryAt = 0
    private var tries = 0
    private var why = ""

    init(_ client: AdminClient, _ stream: consuming EventConnection, _ terminal: HostTerminal, colour: Bool) {
        self.client = client
        self.stream = stream
        self.terminal = terminal
        self.colour = colour
        heardAt = HostProcess.monotonicMilliseconds()
    }

    /// Runs until somebody quits.
    mutating func run() {
        listen()
        while true {
            let now = HostProcess.monotonicMilliseconds()
            if stream.isOpen {
                if now - heardAt > Self.silence { lose("nothing has come for \(Self.silence / 1000) seconds", now) }
            } else if now >= retryAt {
                reconnect(now)
            }
            draw(now)
            let arrival = terminal.wait(stream.connection, milliseconds: pause(now))
            if arrival.isOver { return }
            if arrival.isChanged {
                terminal.write(Array("\u{1b}[2J".utf8))
                isDirty = true
            }
            if take(arrival.input) { return }
            if arrival.isReady { listen() }
        }
    }

    /// How long there is nothing to do.
    private func pause(_ now: Int) -> Int {
        if keys.isPending { return Self.escape }
        if isDirty { return max(Self.frame - (now - drawnAt), 1) }
        // While the connection is gone the seconds to the next try are counted down.
        return stream.isOpen ? 1000 : max(min(retryAt - now, 1000), 10)
    }

    private mutating func draw(_ now: Int) {
        if !stream.isOpen {
            let left = max((retryAt - now + 999) / 1000, 0)
            model.link = .lost("again in \(left)s: \(why)")
            isDirty = true
        }
        guard isDirty, now - drawnAt >= Self.frame else { return }
        let size = terminal.size
        let from = client.endpoint.description
        terminal.write(
            TopScreen.render(model, from: from, columns: size.columns, rows: size.rows, colour: colour)
        )
        drawnAt = now
        isDirty = false
    }

    /// Whether a key has asked for the end.
    private mutating func take(_ input: [UInt8]) -> Bool {
        var pressed = keys.feed(input)
        if input.isEmpty { pressed += keys.flush() }
        for key in pressed {
            isDirty = true
            if key == .redraw { terminal.write(Array("\u{1b}[2J".utf8)) }
            switch model.press(key, page: TopScreen.page(rows: terminal.size.rows)) {
            case .quit: return true
            case .close(let row): close(row)
            case .show(let row): show(row)
            case nil: break
            }
        }
        return false
    }

    /// What the recorder holds stands in the lists from the beginning, and behind a gap.
    private mutating func fetchRecorded() {
        guard let answer = try? client.fetch(.recorded, upTo: Self.mostRecorded, milliseconds: 2000),
            answer.status == 200
        else { return }
        model.take(recorded: answer.body)
        isDirty = true
    }

    /// How much a thousand records may take.
    private static let mostRecorded = 16 << 20

    private mutating func show(_ row: RequestRow) {
        guard let request = AdminRequest.transaction(row.id) else { return }
        if let answer = try? client.fetch(request, upTo: Self.mostRecorded, milliseconds: 2000), answer.status == 200 {
            model.take(transaction: answer.body)
        } else {
            model.notice = "Its heads and its decision are no longer recorded."
        }
    }

    private mutating func close(_ row: OpenRow) {
        guard let request = AdminRequest.close(row.id) else { return }
        do {
            let status = try client.fetch(request, upTo: 1 << 20, milliseconds: 2000).status
            switch status {
            case 200..<300: model.notice = "Closed: \(row.name)"
            case 403: model.notice = "Not closed: that needs a token (--admin-token-file), or apus end \(row.id)"
            case 404: model.notice = "It is not open any more: \(row.name)"
            default: model.notice = "Not closed: \(client.refusal(status).sentence)"
            }
        } catch {
            model.notice = "Not closed: \(error.sentence)"
        }
    }

    private mutating func listen() {
        do throws(AdminClientFault) {
            for event in try stream.next() {
                model.take(event)
                if event.name == "hello" { fetchRecorded() }
                heardAt = HostProcess.monotonicMilliseconds()
                tries = 0
                isDirty = true
            }
        } catch {
            lose(error.words ?? error.sentence, HostProcess.monotonicMilliseconds())
        }
    }

    private mutating func reconnect(_ now: Int) {
        do throws(AdminClientFault) {
            stream = try EventConnection.open(client, milliseconds: 500)
            heardAt = now
            model.link = .connecting
            isDirty = true
            listen()
        } catch {
            lose(error.words ?? error.sentence, now)
        }
    }

    /// Tries again after half a second, and then after twice as long each time, up to 5 s.
    private mutating func lose(_ why: String, _ now: Int) {
        stream = EventConnection(none: client)
        self.why = why
        retryAt = now + min(500 << min(tries, 4), 5000)
        tries += 1
        isDirty = true
    }
}
