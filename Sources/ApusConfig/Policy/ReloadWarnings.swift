internal import Apus
internal import ApusPolicy

/// Files that root reads at the start, and that the user whom the process becomes cannot read again: a reload would fail.
func reloadWarnings(_ settings: ParsedSettings, _ files: FileAccess) -> [FileFault] {
    guard let user = settings.configuration.user, case .files(let seen) = files.seenBy(user) else { return [] }
    var all = settings.policy.lists.map { (path: $0.file, place: $0.place) }
    if let file = settings.file { all.append((file, SourcePosition(file: file))) }
    if case .file(let path, let place)? = settings.policy.users { all.append((path, place)) }
    if let jwt = settings.policy.jwt { all.append((jwt.keys, jwt.place)) }
    return all.compactMap { file in
        seen.whyNotRead(file.path).map { words in
            FileFault(
                file.place,
                "\(file.path) cannot be read by \(user), whom Apus becomes: \(words); a reload will fail until that user's group may "
                    + "read it"
            )
        }
    }
}
