// A closure decides about each request: refuse it, send it elsewhere, or let it go on.
//
//     swift run --package-path Examples PolicyClosure
//     curl -x http://127.0.0.1:3128 http://ads.example/        403 with the reason
//     curl -x http://127.0.0.1:3128 http://intranet.example/   answered by 127.0.0.1:8080, if something listens there

import Apus

@main
struct PolicyClosure {
    static func main() async throws {
        var configuration = ProxyConfiguration()
        // A policy cannot lift the destination guard: what it routes to has to be allowed here.
        configuration.allowTo = ["127.0.0.1"]
        try await ProxyServer(configuration: configuration, policy: decide).run()
    }

    /// May wait for a database or a service: the client waits, other clients do not.
    static func decide(_ ask: Ask) async -> Verdict {
        if ask.host == "ads.example" || ask.host.hasSuffix(".ads.example") {
            return .deny(reason: "There are no advertisements here.")
        }
        if ask.method == "DELETE" {
            return .deny(reason: "This proxy is for reading.", status: 405)
        }
        if ask.host == "intranet.example" {
            return .route(to: .address(host: "127.0.0.1", port: 8080))
        }
        return .allow
    }
}
