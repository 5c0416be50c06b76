/// What speaks of rules, and of who the users are.
extension Command {
    static let explainRow = Row(
        summary: "Say which rule decides about a request, and why.",
        synopsis: ["URL|HOST:PORT [OPTION...]", "--id ID --log FILE [OPTION...]"],
        description: [
            "Goes through the rules of the settings file one by one. It prints why a rule does not match, which one decides, "
                + "whether the client is served on its listener at all, how the addresses are judged, the limits that apply, and "
                + "what the client would get. With --id it does so for a request that an access log in JSON shows.",
            "https://HOST and HOST:PORT ask for a tunnel. Nothing is sent and no name is looked up: --resolve says which "
                + "addresses a name has. Without --listener the client comes in on the first listener that it can reach.",
            "Beside its own options it takes all options of apus serve, such as --config. Both have --log and --sni: a word "
                + "that the setting takes, as json or report, sets the setting.",
        ],
        operand: Operand(name: "URL", help: "What is asked for: http://HOST/PATH, https://HOST or HOST:PORT."),
        options: [
            Option(
                name: "method",
                placeholder: "METHOD",
                help: "The method; GET unless said.",
                values: .words(["GET", "HEAD", "POST", "PUT", "DELETE", "CONNECT", "OPTIONS", "TRACE", "PATCH"]),
                example: "POST"
            ),
            Option(name: "user", placeholder: "NAME", help: "Who asks, with valid credentials.", example: "anna"),
            Option(
                name: "groups",
                placeholder: "NAME,NAME",
                help: "The groups that the user's token names.",
                example: "ops,staff"
            ),
            Option(
                name: "from",
                placeholder: "ADDRESS",
                help: "The client's address; 127.0.0.1 unless said.",
                example: "10.0.0.7"
            ),
            Option(
                name: "listener",
                placeholder: "ADDR:PORT",
                help: "Where the client comes in, written as in listen.",
                example: "127.0.0.1:3128"
            ),
            Option(
                name: "at",
                placeholder: "TIME",
                help: "When, in UTC, for example 2026-01-31T12:00Z; now unless said.",
                example: "2026-01-31T12:00Z"
            ),
            Option(
                name: "resolve",
                placeholder: "HOST=ADDRESS",
                help: "The addresses of the name, with commas between them.",
                example: "example.org=192.0.2.1"
            ),
            Option(
                name: "sni",
                placeholder: "NAME",
                help:
                    "The name that the client's TLS asks for inside the tunnel. The words off, report and enforce set "
                    + "the setting sni.mode instead.",
                values: .words(["off", "report", "enforce"]),
                example: "www.example.org"
            ),
            Option(
                name: "id",
                placeholder: "ID",
                help: "Explain the request with this decision id.",
                example: "03cb36f1a2b4c5d6"
            ),
            Option(
                name: "log",
                placeholder: "FILE",
                help: "The access log, in JSON, that has the id.",
                values: .file,
                example: "access.json"
            ),
            Option(name: "json", help: "Print one JSON object."),
        ],
        takesSettings: true,
        examples: [
            Example(
                line: "apus explain http://example.org/ --config apus.yaml",
                meaning: "Say what becomes of a plain request."
            ),
            Example(
                line: "apus explain https://packages.example.org --user ci --from 10.0.0.7",
                meaning: "Say what becomes of a tunnel that the user ci asks for."
            ),
            Example(
                line: "apus explain --id 03cb36f1a2b4c5d6 --log access.json",
                meaning: "Say why a request was refused, by the id in its answer and its line of the log."
            ),
        ],
        exits: [Exit(.clean, "The explanation is printed, whatever it says."), .usage, .configuration],
        related: [.check, .learn]
    )

    static let learnRow = Row(
        summary: "Write the rules that cover what access logs show.",
        synopsis: ["LOG..."],
        description: [
            "Reads access logs in JSON and prints the smallest readable list of rules that allows what was served. Where "
                + "several names have one parent, *.PARENT takes their place; comments tell how often each was used. What was "
                + "denied stands in comments."
        ],
        operand: Operand(name: "LOG", help: "An access log in JSON.", most: 4096, values: .file),
        examples: [
            Example(
                line: "apus learn access.json > apus.yaml",
                meaning: "Begin a settings file with what was used until now."
            )
        ],
        exits: [
            Exit(.clean, "The rules are printed."), Exit(.usage, "A wrong option, or a log that cannot be read."),
            Exit(.data, "No line of the logs is one of an access log in JSON: nothing is printed."),
        ],
        related: [.check, .explain]
    )

    static let hashPasswordRow = Row(
        summary: "Hash a password, or make a token, for the settings file or a file of users.",
        synopsis: ["[--user NAME] [--bcrypt]", "--token [--user NAME]"],
        description: [
            "Reads a password from standard input; on a terminal it asks twice and shows nothing. It prints the hash, by "
                + "yescrypt, and with --user a whole line for a file of users. The password is never an argument, for every "
                + "user of the machine can read those.",
            "With --token it makes a random token in place of a password, shows it once on standard error, and prints its "
                + "digest for tokens in the settings file, or with --user a line for a file of users. Clients send it in "
                + "Proxy-Authorization: Bearer.",
        ],
        options: [
            Option(name: "user", placeholder: "NAME", help: "Whose password or token it is.", example: "anna"),
            Option(name: "bcrypt", help: "Hash by bcrypt, which Apache and nginx take too."),
            Option(name: "token", help: "Make a random token in place of a password."),
        ],
        examples: [
            Example(
                line: "apus hash-password --user anna >> users.htpasswd",
                meaning: "Add a user to a file of users."
            ),
            Example(
                line: "apus hash-password --user ci --token >> users.htpasswd",
                meaning: "Add a user who shows a token."
            ),
        ],
        exits: [
            Exit(.clean, "The hash is printed."), Exit(.cannotStart, "The system cannot hash it."), .usage,
            Exit(.data, "The password is empty, typed differently the second time, or one that no client can send."),
        ],
        related: [.check]
    )
}
