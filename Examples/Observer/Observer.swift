// An observer is given the record of each request and tunnel when it ends.
//
//     swift run --package-path Examples Observer

import Apus

@main
struct Observer {
    static func main() async throws {
        var configuration = ProxyConfiguration()
        configuration.log.format = .off
        // It runs on the thread that served the request, so it must not block.
        let server = ProxyServer(configuration: configuration, observer: { print(line($0)) })
        try await server.run()
    }

    static func line(_ record: AccessRecord) -> String {
        let target = "\(record.method) \(record.host):\(record.port)\(record.path)"
        let bytes = "\(record.bytes.fromClient) up, \(record.bytes.toClient) down"
        let milliseconds = Double(record.times.total) / 1000
        let ending = record.ending.isComplete ? "complete" : record.reason ?? record.ending.description
        return "\(record.clientAddress) \(target) \(record.status), \(bytes), \(milliseconds) ms, \(ending)"
    }
}
