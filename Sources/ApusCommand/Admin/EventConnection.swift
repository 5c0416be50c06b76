import Apus
import ApusTop

/// The stream of events of an Apus that runs.
struct EventConnection: ~Copyable {
    /// What the terminal waits for.
    let connection: HostConnection
    private let client: AdminClient
    private var answer = AdminAnswer()
    private var parser = EventStreamParser()
    /// What came with the head of the answer.
    private var first: [EventStreamParser.Event] = []

    /// No stream.
    init(none client: AdminClient) {
        connection = HostConnection()
        self.client = client
    }

    private init(_ client: AdminClient, _ connection: consuming HostConnection, _ answer: AdminAnswer, _ body: [UInt8])
    {
        self.client = client
        self.connection = connection
        self.answer = answer
        first = parser.feed(body)
    }

    /// Asks for the events, and waits for the answer's head.
    static func open(_ client: AdminClient, milliseconds: Int) throws(AdminClientFault) -> EventConnection {
        let connection = try client.connect(.events, milliseconds: milliseconds)
        let deadline = HostProcess.monotonicMilliseconds() + milliseconds
        var answer = AdminAnswer()
        var body: [UInt8] = []
        while answer.status == 0 {
            let left = max(deadline - HostProcess.monotonicMilliseconds(), 0)
            body += try client.read(try client.receive(connection, left), &answer)
        }
        guard answer.status == 200 else { throw client.refusal(answer.status) }
        guard answer.type == "text/event-stream" else {
            throw AdminClientFault(
                sentence: "what answers on \(client.endpoint) is no admin listener of Apus",
                hint: "--admin takes the address where Apus shows itself, not the one where it is a proxy"
            )
        }
        return EventConnection(client, connection, answer, body)
    }

    /// Whether there is one.
    var isOpen: Bool { connection.isOpen }

    /// The events that are there; none when nothing whole has come.
    mutating func next() throws(AdminClientFault) -> [EventStreamParser.Event] {
        guard first.isEmpty else {
            defer { first = [] }
            return first
        }
        let bytes: [UInt8]?
        do { bytes = try connection.receive(milliseconds: 0) } catch {
            throw AdminClientFault(sentence: "the connection broke: \(error)")
        }
        guard let bytes else { return [] }
        let body = try client.read(bytes, &answer)
        if answer.isComplete { throw AdminClientFault(sentence: "\(client.endpoint) ended the connection") }
        return parser.feed(body)
    }
}
