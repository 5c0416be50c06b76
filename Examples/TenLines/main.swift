import Apus

var configuration = ProxyConfiguration()
configuration.listeners = [try ListenAddress(parsing: "127.0.0.1:0")]
let server = ProxyServer(
    configuration: configuration,
    policy: { ask in ask.host == "ads.example" ? .deny(reason: "No advertisements here.") : .allow }
)
async let running: Void = server.run()
for address in try await server.addresses { print("listening on \(address)") }
try await running
