import NIOCore
import Testing

@testable import ApusAdmin

@Suite("Server-sent events")
struct EventFeedTests {
    @Test("an event is a name and a line of data") func form() {
        #expect(String(buffer: EventFeed.event("traffic", Array("{}".utf8))) == "event: traffic\ndata: {}\n\n")
    }

    @Test("all who listen get the same, in order") func order() async {
        let feed = EventFeed()
        let (one, two) = (feed.listen(), feed.listen())
        #expect(feed.count == 2)
        for number in 0..<3 { feed.send("n", Array("\(number)".utf8)) }
        feed.end()
        for events in [one, two] {
            var texts: [String] = []
            for await event in events { texts.append(String(buffer: event)) }
            #expect(texts == (0..<3).map { "event: n\ndata: \($0)\n\n" })
        }
    }

    @Test("who does not keep up misses the oldest; who comes late gets nothing") func slow() async {
        let feed = EventFeed()
        let events = feed.listen()
        for number in 0..<100 { feed.send("n", Array("\(number)".utf8)) }
        feed.end()
        var count = 0
        for await event in events {
            if count == 0 { #expect(String(buffer: event).contains("data: 92")) }
            count += 1
        }
        #expect(count == 8)
        for await _ in feed.listen() { Issue.record("the feed is over") }
    }

    @Test("who goes is forgotten") func gone() async {
        let feed = EventFeed()
        do {
            let events = feed.listen()
            let task = Task { for await _ in events {} }
            task.cancel()
            await task.value
        }
        #expect(feed.count == 0)
    }
}
