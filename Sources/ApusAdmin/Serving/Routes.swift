internal import Apus
internal import ApusPolicy
internal import ApusReport
internal import HTTPTypes
internal import HummingbirdCore
internal import NIOCore

/// What the admin listener answers.
struct Routes: Sendable {
    let server: ProxyServer
    let facts: AdminFacts
    let feed: EventFeed
    let sampler: Sampler
    let archives = Places(2)
    private let files = PageFiles()

    init(_ server: ProxyServer, _ facts: AdminFacts, _ feed: EventFeed, _ sampler: Sampler) {
        self.server = server
        self.facts = facts
        self.feed = feed
        self.sampler = sampler
    }

    var redactsQueries: QueryRedaction { server.configuration.log.queries }

    func add(to router: inout Router) {
        router.get("/") { request, _ in try file("index.html", request) }
        router.get("/assets/:name") { request, name in try file(name, request) }
        router.get("/metrics") { _, _ in await metrics() }
        router.get("/healthz") { _, _ in Response.text("ok\n") }
        router.get("/readyz") { _, _ in
            server.isReady ? Response.text("ok\n") : Response.text("not ready\n", status: .serviceUnavailable)
        }
        router.get("/proxy.pac") { request, _ in await autoConfig(request) }
        router.get("/api/openapi.json") { request, _ in try file("openapi.json", request) }
        router.get("/api/status") { _, _ in Response.json(await status(history: false)) }
        router.get("/api/traffic") { _, _ in Response.json(await sampler.newestJSON ?? Array("{}".utf8)) }
        router.get("/api/requests") { request, _ in await requests(request) }
        router.get("/api/requests/:id") { _, id in await transaction(id) }
        router.get("/api/open") { _, _ in
            Response.json(await server.openTransactions(limit: 1000).json(redactQueries: redactsQueries))
        }
        router.delete("/api/open/:id") { _, id in await end(id) }
        router.get("/api/policy") { _, _ in Response.json(await policy()) }
        router.get("/api/explain") { request, _ in await explanation(request) }
        router.get("/api/top") { request, _ in await top(request) }
        router.get("/api/history") { request, _ in await history(request) }
        router.get("/api/recording.har") { request, _ in await recording(request) }
        router.get("/api/events") { _, _ in await events() }
    }

    private func file(_ name: String, _ request: Request) throws -> Response {
        guard let response = files.response(name, ifNoneMatch: request.headers[.ifNoneMatch]) else {
            throw Router.NothingThere()
        }
        return response
    }

    // MARK: Figures

    private func metrics() async -> Response {
        let rules = server.currentRules
        let page = MetricsPage(
            traffic: await server.traffic(names: 0),
            process: .current(),
            isReady: server.isReady,
            rules: rules.rules.count,
            lists: rules.lists.mapValues(\.count)
        )
        return Response(.ok, "text/plain; version=0.0.4; charset=utf-8", page.text())
    }

    private func status(history: Bool) async -> [UInt8] {
        let past = history ? await sampler.history.seconds.map(\.json) : []
        let listeners = (try? await server.addresses) ?? []
        let configuration = server.configuration
        let threads = await sampler.newest?.traffic.threads ?? configuration.threads
        let admin = await facts.address()
        return JSONWriter.object { json in
            json.text("version", ApusVersion.current)
            json.text("started", Moment.text(sampler.start))
            json.array("listeners", of: listeners.map { JSONWriter.string($0.description) })
            json.text("admin", admin)
            json.number("threads", threads)
            json.truth("draining", server.isDraining)
            json.truth("closes", configuration.admin.tokenFile != nil)
            json.number("rules", server.currentRules.rules.count)
            json.text("policy", facts.settingsFile)
            json.object("recorder") { json in
                json.number("capacity", configuration.recorder.transactions)
                json.number("bodies", configuration.recorder.bodies)
            }
            if history { json.array("history", of: past) }
        }
    }

    private func autoConfig(_ request: Request) async -> Response {
        var host = request.head.authority ?? "localhost"
        if let colon = host.lastIndex(of: ":"), !host[colon...].contains("]") { host = String(host[..<colon]) }
        let script = ProxyAutoConfig(
            listeners: (try? await server.addresses) ?? [],
            // Whoever may ask for this file, who has no token learns no names of private hosts.
            rules: server.configuration.admin.tokenFile == nil ? server.currentRules : PolicyRules(),
            allowsPrivate: server.configuration.allowPrivate,
            host: host
        )
        return .text(script.text, type: "application/x-ns-proxy-autoconfig")
    }

    // MARK: Events

    /// How many pages, or programs, may listen at a time.
    private static let mostListeners = 64

    private func events() async -> Response {
        guard feed.count < Routes.mostListeners else {
            return .fault(
                .serviceUnavailable,
                "There are \(Routes.mostListeners) streams already.",
                hint: "Close a page that nobody looks at, or ask /api/traffic now and then."
            )
        }
        await sampler.watch()
        let events = feed.listen()
        var hello = EventFeed.event("hello", await status(history: true))
        if let newest = await sampler.newestJSON { hello.writeImmutableBuffer(EventFeed.event("traffic", newest)) }
        let first = hello
        return Response(
            status: .ok,
            headers: [.contentType: "text/event-stream", .cacheControl: "no-store"],
            body: ResponseBody { writer in
                try await writer.write(first)
                for await event in events { try await writer.write(event) }
                try await writer.finish(nil)
            }
        )
    }
}
