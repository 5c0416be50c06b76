/// Which of the watched files have changed, and lie still again: a value that is told the time and what the files are like.
///
/// A file that is being written changes from one look to the next; it is taken once it has been the same for ``FileAccess/quiet``. One
/// that is gone for so long has changed as well: what names it is then at fault.
package struct FileWatch: Sendable {
    /// A file, and how often it is looked at.
    package struct File: Sendable {
        package let path: String
        /// In milliseconds.
        let every: Int

        package init(_ path: String, every: Duration) {
            self.path = path
            let (seconds, attoseconds) = every.components
            self.every = max(1, Int(seconds) * 1000 + Int(attoseconds / 1_000_000_000_000_000))
        }
    }

    fileprivate struct Pending {
        var mark: String?
        /// Since when it has been so.
        var since: Int
    }

    fileprivate struct Entry {
        var every: Int
        /// What it was like when it was taken; nil where there was none.
        var taken: String?
        /// What it has become, until that is taken.
        var pending: Pending?
        var dueAt: Int
    }

    private var entries: [String: Entry] = [:]

    package init() {}

    /// Takes the files as they are now; called before they are read, so that no change is missed.
    ///
    /// - Parameter now: in milliseconds, of a clock that only grows.
    /// - Parameter mark: what tells one state of a file from another; nil for one that is not there.
    package mutating func take(_ files: [File], now: Int, mark: (String) -> String?) {
        var taken: [String: Entry] = [:]
        for file in files {
            // A file that is named twice is looked at as often as the more impatient wants.
            let every = min(file.every, taken[file.path]?.every ?? file.every)
            taken[file.path] = Entry(every: every, taken: mark(file.path), pending: nil, dueAt: now + every)
        }
        entries = taken
    }

    /// Watches other files from now on; what is known of those that stay is kept.
    package mutating func follow(_ files: [File], now: Int, mark: (String) -> String?) {
        let known = entries
        take(files, now: now, mark: mark)
        for (path, entry) in known where entries[path] != nil {
            entries[path]?.taken = entry.taken
            entries[path]?.pending = entry.pending
        }
    }

    /// In how many milliseconds the next look is due; nil where nothing is watched.
    package func wait(now: Int) -> Int? { entries.values.map { max(0, $0.dueAt - now) }.min() }

    /// Looks at the files whose time has come.
    ///
    /// - Returns: whether to read them: one has changed, and none is still being written.
    package mutating func look(now: Int, mark: (String) -> String?) -> Bool {
        var hasChanged = false
        var isBeingWritten = false
        for path in entries.keys.sorted() {
            guard var entry = entries[path] else { continue }
            if entry.dueAt <= now {
                entry.look(mark(path), now: now)
                entries[path] = entry
            }
            guard let pending = entry.pending else { continue }
            if now - pending.since >= FileAccess.quiet { hasChanged = true } else { isBeingWritten = true }
        }
        return hasChanged && !isBeingWritten
    }
}

extension FileWatch.Entry {
    fileprivate mutating func look(_ mark: String?, now: Int) {
        if mark == taken {
            pending = nil
            dueAt = now + every
            return
        }
        if pending == nil || pending?.mark != mark { pending = FileWatch.Pending(mark: mark, since: now) }
        dueAt = now + FileAccess.quiet
    }
}
