import Testing

@testable import Apus

@Suite("The words of tunnels")
struct TunnelTextTableTests {
    private struct Words: Equatable {
        var method = "CONNECT"
        var path = ""
        var host: String
        var dial = ""

        var request: BufferedRequest {
            BufferedRequest(method: method.utf8, path: path.utf8, host: host.utf8, dial: dial.utf8)
        }
    }

    /// What is read back.
    private func read(_ request: BufferedRequest?) -> Words? {
        request.map {
            Words(
                method: $0.text($0.methodRange),
                path: $0.text($0.pathRange),
                host: $0.text($0.hostRange),
                dial: $0.dial > 0 ? $0.text($0.dialRange) : ""
            )
        }
    }

    @Test("hosts of every length are read back", arguments: 0...255)
    func hosts(_ count: Int) {
        var store = TunnelTextTable()
        let words = Words(host: String(repeating: "h", count: count))
        var index = store.keep(words.request, isConnect: true)
        #expect(read(store[index]) == words)
        #expect(store.count == max(1, (count + 11) / 12))
        store.release(&index)
        #expect(store.count == 0 && index == TunnelTextTable.none)
        #expect(store[index] == nil)
    }

    @Test("an upgrade keeps its method and its path, a tunnel needs neither")
    func upgrades() {
        var store = TunnelTextTable()
        let words = Words(method: "POST", path: "/chat?room=1", host: "example.com")
        let index = store.keep(words.request, isConnect: false)
        #expect(read(store[index]) == words)
        let bare = store.keep(Words(method: "GET", path: "", host: "example.com").request, isConnect: false)
        #expect(read(store[bare]) == Words(method: "GET", path: "", host: "example.com"))
    }

    @Test("the host that was dialled for another stays out; the name of a ClientHello comes in, whatever is in it")
    func names() {
        var store = TunnelTextTable()
        var index = store.keep(Words(host: "example.com", dial: "backend.internal").request, isConnect: true)
        #expect(read(store[index]) == Words(host: "example.com"))
        store.name(&index, Array("other name.example".utf8))
        #expect(read(store[index]) == Words(host: "example.com", dial: "other name.example"))
        store.name(&index, Array("once more".utf8))
        #expect(read(store[index]) == Words(host: "example.com", dial: "once more"))
        var none = TunnelTextTable.none
        store.name(&none, Array("nobody".utf8))
        #expect(none == TunnelTextTable.none)
        store.release(&index)
        #expect(store.count == 0)
    }

    @Test("a random walk agrees with a dictionary, and leaves no cell behind")
    func walk() {
        var generator = SystemRandomNumberGenerator()
        var store = TunnelTextTable()
        var model: [UInt32: Words] = [:]
        for _ in 0..<5_000 {
            if model.count < 40, Bool.random(using: &generator) {
                let host = String(repeating: "x", count: .random(in: 1...60, using: &generator))
                let isConnect = Bool.random(using: &generator)
                let words = isConnect ? Words(host: host) : Words(method: "GET", path: "/\(host)", host: host)
                #expect(model.updateValue(words, forKey: store.keep(words.request, isConnect: isConnect)) == nil)
            } else if var index = model.keys.randomElement(using: &generator) {
                #expect(read(store[index]) == model.removeValue(forKey: index))
                store.release(&index)
            }
        }
        for (index, words) in model { #expect(read(store[index]) == words) }
        for var index in model.keys { store.release(&index) }
        #expect(store.count == 0)
    }
}
