public import ApusPolicy
public import ApusWire

extension Fault {
    /// What to do about it; settings that would help are named by their keys.
    public var hint: Hint {
        switch self {
        case .request(let fault): Hint(stringLiteral: fault.hint.description)
        case .response(let fault): Hint(stringLiteral: fault.hint.description)
        case .refused(let refusal): refusal.hint
        case .lookUp(let fault): fault.hint
        case .dial(let failure): Hint(stringLiteral: failure.hint.description)
        case .timeout(let fault): fault.hint
        case .parent(let fault): Hint(stringLiteral: fault.hint.description)
        case .terminated: "Try again; if it happens again, the host or the way to it is at fault."
        case .loop: "Look for a proxy that forwards to itself, directly or by way of another one."
        case .internalError: "The proxy goes on; please report it with the id below."
        }
    }
}

extension LookUpFault {
    fileprivate var hint: Hint {
        switch self {
        case .notFound:
            "Check the spelling, and write the whole name: it is looked up as it is written, and no search list completes it."
        case .invalidName: "Correct the host; nobody was asked for it."
        case .singleLabel: "Write the whole name; \(.singleLabel, "dns") has such names looked up in DNS too."
        case .timedOut:
            "The resolver of the proxy's machine does not answer; \(.lookUpTimeout) sets how long it is waited for."
        case .failed: "The resolver of the proxy's machine reports a failure; try again."
        case .overloaded: "The resolver of the proxy's machine is slow; try again later."
        case .exhausted: "Try again later; a higher limit of open files on the proxy's machine gives it more room."
        }
    }
}

extension TimeoutFault {
    fileprivate var hint: Hint {
        switch self {
        case .requestHead: "\(.headTimeout) sets how long it may take."
        case .requestBody: "\(.requestBodyTimeout) and \(.bodyRate) set how slow it may be."
        case .requestWrite: "The host accepted the connection but does not read; try again later."
        case .connect: "Check that the host is up; \(.connectTimeout) sets how long it is waited for."
        case .response:
            "\(.firstByteTimeout), or `timeouts` in the rule that allows it, sets how long it is waited for."
        case .halfClosedClient: "\(.halfClosedClientTimeout) sets how long the host is waited for then."
        case .responseBody:
            "\(.responseBodyTimeout), or `timeouts` in the rule that allows it, sets how long it may pause."
        }
    }
}

extension RequestFault {
    /// The setting of the limit that was exceeded; nil for a fault that is of another kind.
    public var limitSetting: SettingKey? {
        switch self {
        case .requestLineTooLong: .requestLine
        case .fieldLineTooLong: .fieldLine
        case .headTooLarge: .requestHead
        case .tooManyFields: .fields
        case .trailersTooLarge: .trailers
        case .chunkExtensionsTooLong: .chunkExtensions
        default: nil
        }
    }
}
