package import ApusFlow

/// A conversation with a machine of `ApusFlow`: what happens, and what the machine shall ask for each time.
///
/// ```swift
/// try Playbook(HTTP1Connection(), [
///     .requested("GET http://a.example/ HTTP/1.1", "Host: a.example").gives(upstream: .reach, deadline: .reach),
///     .reached().gives(upstream: .sendHead, deadline: .firstByte),
///     .responded("HTTP/1.1 204 No Content").gives(client: .forwardHead, deadline: .responseBody),
///     .responseBodyEnded.gives(client: .next, upstream: .pool, deadline: .keepAlive, ending: .complete),
/// ]).run()
/// ```
///
/// A step that differs ends it: ``PlaybookDifference`` shows the conversation so far, what was expected and what came.
package struct Playbook<Machine> {
    private let machine: Machine
    private let moves: [Move<Machine>]

    /// A conversation that begins with this machine.
    package init(_ machine: Machine, _ moves: [Move<Machine>]) {
        self.machine = machine
        self.moves = moves
    }

    /// Runs all moves.
    ///
    /// - Returns: the machine at the end, for further looks and further playbooks.
    /// - Throws: ``PlaybookDifference`` at the first step that is not as expected.
    @discardableResult
    package func run() throws(PlaybookDifference) -> Machine {
        var machine = machine
        var lines: [String] = []
        for move in moves {
            let step = move.apply(&machine)
            lines.append("    on \(move.name)")
            guard step == move.expected else {
                lines.append("  -     \(move.expected.words)")
                lines.append("  +     \(step.words)")
                throw PlaybookDifference(conversation: lines)
            }
            if step != .none { lines.append("        \(step.words)") }
        }
        return machine
    }
}

/// How a machine's conversation differed from its playbook.
package struct PlaybookDifference: Error, Equatable, CustomStringConvertible {
    /// The conversation, a line each: events, steps as expected, at last the expected step (`-`) and the one that came
    /// (`+`).
    package let conversation: [String]

    /// The conversation.
    package var description: String {
        (["the machine did not follow its playbook:"] + conversation).joined(separator: "\n")
    }
}

extension Step {
    /// The slots that ask for something: `client: linger, upstream: close, deadline: linger`; `nothing` if none does.
    package var words: String {
        var words: [String] = []
        if client != .none { words.append("client: \(client)") }
        if upstream != .none { words.append("upstream: \(upstream)") }
        if deadline != .keep { words.append("deadline: \(deadline)") }
        if ticks > 0 { words.append("ticks: \(ticks)") }
        if let leaves { words.append("leaves: \(leaves)") }
        if let exchange { words.append("exchange: \(exchange)") }
        if let answer { words.append("answer: \(answer)") }
        if let ending { words.append("ending: \(ending)") }
        if let fault { words.append("fault: \(fault.label)") }
        return words.isEmpty ? "nothing" : words.joined(separator: ", ")
    }
}
