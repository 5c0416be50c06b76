internal import Synchronization

/// Messages from any thread to the thread of one reactor, in the order in which they were posted.
///
/// The doorbell rings only when the box was empty, so that a batch costs one system call.
public final class Mailbox<Message: Sendable>: Sendable {
    private let messages = Mutex<[Message]>([])
    private let doorbell: Waker

    /// - Parameter doorbell: the one that the reactor of the receiving thread was given. Boxes may share it.
    public init(_ doorbell: Waker) {
        self.doorbell = doorbell
    }

    /// Adds a message.
    public func post(_ message: Message) {
        let wasEmpty = messages.withLock { messages in
            messages.append(message)
            return messages.count == 1
        }
        if wasEmpty { doorbell.ring() }
    }

    /// Takes all that has been posted, oldest first.
    public func drain() -> [Message] {
        messages.withLock { messages in
            if messages.isEmpty { return [] }
            let all = messages
            messages = []
            return all
        }
    }
}
