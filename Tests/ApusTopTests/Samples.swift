import ApusTop

/// An event as the stream brings it.
func event(_ name: String, _ json: String) -> EventStreamParser.Event {
    var parser = EventStreamParser()
    return parser.feed(Array("event: \(name)\ndata: \(json)\n\n".utf8)).first ?? .init(name: "", data: [])
}

/// The text of a record.
func record(_ id: Int, host: String = "example.org", status: Int = 200, more: String = "") -> String {
    """
    {"time":"2026-01-31T12:00:0\(id % 10).000000Z","id":"\(String(id, radix: 16))","kind":"request","client":"127.0.0.1",\
    "method":"GET","scheme":"http","host":"\(host)","port":80,"path":"/p\(id)","status":\(status),\
    "bytes_to_client":2326,"total_us":34567\(more)}
    """
}

/// The requests of an event.
func requests(_ records: [String], total: Int? = nil) -> EventStreamParser.Event {
    event(
        "requests",
        "{\"total\":\(total ?? records.count),\"shown\":\(records.count),\"requests\":[\(records.joined(separator: ","))]}"
    )
}

/// What is open: ids with their ages and bytes.
func open(_ rows: [(id: String, host: String, age: Double, down: Int)]) -> EventStreamParser.Event {
    let rows = rows.map {
        """
        {"id":"\($0.id)","kind":"tunnel","age_seconds":\($0.age),"client":"127.0.0.1","method":"CONNECT","host":"\($0.host)",\
        "port":443,"phase":"tunnel","bytes_from_client":10,"bytes_to_client":\($0.down)}
        """
    }
    return event("open", "{\"total\":\(rows.count),\"shown\":\(rows.count),\"open\":[\(rows.joined(separator: ","))]}")
}

let hello = event(
    "hello",
    """
    {"version":"0.1.0","started":"2026-01-31T12:00:00Z","listeners":["127.0.0.1:3128"],"threads":2,\
    "history":[{"requests_per_second":1},{"requests_per_second":8}]}
    """
)

let traffic = event(
    "traffic",
    """
    {"uptime_seconds":65.0,"requests_total":120,"requests_per_second":24.0,"refused_per_second":1.0,"errors_per_second":0.0,\
    "bytes_from_clients_per_second":2800.0,"bytes_to_clients_per_second":28000.0,"clients_open":4,"upstreams_open":3,\
    "tunnels_open":1,"statuses":{"2xx":23.0},"latency":{"total":{"p50_us":900,"p90_us":2100,"p99_us":null}},\
    "top":{"hosts":[{"name":"example.org","requests":80,"bytes":90000},{"name":"漢字.example","requests":3,"bytes":5}],\
    "users":[],"rules":[{"name":"mirrors","requests":12}]}}
    """
)

/// What the recorder has of a request.
let transaction = """
    {"record":{},"request":{"line":"GET http://example.org/p9 HTTP/1.1","fields":[["X-A","b"]],"body":null},\
    "response":{"line":"HTTP/1.1 200 OK","fields":[],"body":null},"suggestion":null,\
    "explanation":{"answer":"The request is served.","rules":[{"rule":"ads","action":"deny","finding":"passed_over"},\
    {"rule":"mirrors","action":"allow","finding":"matched","at":"apus.yaml:3:5"}]}}
    """

/// A model that has seen all kinds of events.
func fullModel() -> TopModel {
    var model = TopModel()
    for event in [hello, traffic, requests((1...9).map { record($0) }), open([("a1", "tunnel.example", 3, 100)])] {
        model.take(event)
    }
    return model
}
