package import ApusFlow

/// An event of a machine, and the step that it shall give: none, unless
/// ``gives(client:upstream:deadline:answer:ending:fault:)`` says otherwise.
package struct Move<Machine>: Sendable {
    /// The event, as a conversation shows it.
    package let name: String
    /// Tells a machine of the event.
    package let apply: @Sendable (inout Machine) -> Step
    /// What the machine shall answer.
    package private(set) var expected = Step.none

    /// An event of any machine.
    package init(_ name: String, _ apply: @escaping @Sendable (inout Machine) -> Step) {
        self.name = name
        self.apply = apply
    }

    /// The same event with another expectation.
    package func gives(
        client: Step.ClientAction = .none,
        upstream: Step.UpstreamAction = .none,
        deadline: Deadline = .keep,
        answer: Answer? = nil,
        ending: Ending? = nil,
        fault: Fault? = nil
    ) -> Move {
        var move = self
        move.expected = Step(client: client, upstream: upstream, deadline: deadline, answer: answer)
        move.expected.ending = ending
        move.expected.fault = fault
        return move
    }

    /// The same event, whose deadline shall run for so many ticks.
    package func lasts(_ ticks: UInt32) -> Move {
        var move = self
        move.expected.ticks = ticks
        return move
    }

    /// The same event, to which the machine answers with this fault and lingers (RFC 9112 §9.6).
    ///
    /// - Parameters:
    ///   - upstream: what becomes of the connection to the origin.
    ///   - stage: where the record says that it ended; without it the fault's own stage.
    package func refuses(_ fault: Fault, upstream: Step.UpstreamAction = .close, at stage: Stage? = nil) -> Move {
        var ending = fault.ending
        if let stage { ending.stage = stage }
        return gives(
            client: .linger,
            upstream: upstream,
            deadline: .linger,
            answer: .fault(fault),
            ending: ending,
            fault: fault
        )
    }
}
