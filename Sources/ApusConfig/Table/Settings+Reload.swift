internal import Apus

extension Settings {
    static let reload: [Setting] = [
        .time(
            "reload.watch",
            "watch",
            \.reload.watch,
            .common,
            help:
                "How often to look whether the settings file has changed; 0: never, it is read anew only "
                + "when told so.",
            reason:
                "Off, so that a file in the middle of being edited is nobody's policy; HUP says when it is whole. With it, a file "
                + "is taken once it has lain still for 250 ms; one that has a fault, is gone or was emptied leaves the old settings in "
                + "force, as with HUP.",
            example: "10s"
        ),
        .toggle(
            "reload.end-denied",
            "reload-ends-denied",
            \.reload.endsDenied,
            .access,
            help: "After a reload, end running requests and tunnels that the new rules deny.",
            reason: "Off, so that a reload harms nobody who was let in: what runs keeps the rules it was decided by."
        ),
    ]
}
