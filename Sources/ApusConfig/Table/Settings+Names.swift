internal import Apus

extension Settings {
    static let names: [Setting] = [
        .time(
            "names.ttl",
            "name-ttl",
            \.names.positive,
            .names,
            help: "How long to keep the addresses of a name; 0: not at all.",
            reason:
                "The system's resolver tells no time to live; Java keeps names 30 s. Every kept address is judged again.",
            example: "5m"
        ),
        .time(
            "names.negative-ttl",
            "name-negative-ttl",
            \.names.negative,
            .names,
            help: "How long to keep a failed look-up; 0: not at all.",
            reason: "Java keeps it 10 s, Squid 60 s; short, so that a repaired name is soon found.",
            example: "1s"
        ),
        .count(
            "names.entries",
            "max-names",
            \.names.entries,
            .names,
            help: "How many names to keep.",
            reason: "Squid's ipcache_size is 1,024; a name and its addresses take some hundred bytes.",
            example: "1024"
        ),
        .count(
            "names.threads",
            "name-threads",
            \.names.threads,
            .names,
            help: "How many look-ups run at a time, beside those that are stuck.",
            reason:
                "libuv's number of threads, which does the same; a look-up cannot be cancelled, so they are bounded: to 64, however many "
                + "are stuck.",
            example: "8"
        ),
        .count(
            "names.per-client",
            "max-look-ups-per-client",
            \.names.perClient,
            .names,
            help: "How many look-ups run for one client at a time; more wait. 0: no bound.",
            reason:
                "One page names some ten hosts, each of which takes 20 ms. Names whose servers are silent take a thread for up to half a "
                + "minute each, and one client's shall not stop everybody's.",
            example: "16",
            zero: "no bound"
        ),
        .count(
            "names.waiting",
            "max-names-waiting",
            \.names.waiting,
            .names,
            help: "How many names may wait for a look-up; then 504.",
            reason: "With 4 threads and 20 ms a look-up the last one waits about 5 s, as long as it may.",
            example: "256"
        ),
        .choice(
            "names.single-label",
            "single-label",
            \.names.singleLabel,
            .names,
            placeholder: "WHERE",
            help: "Where to look up names without a dot: hosts-file or dns.",
            reason:
                "Such a name is meant for a search list, and none completes names here: what is judged is what is looked up. "
                + "dns is for a name server that knows them, as Docker's does.",
            example: "dns"
        ),
    ]
}
