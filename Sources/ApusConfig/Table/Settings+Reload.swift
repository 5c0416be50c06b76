internal import Apus

extension Settings {
    static let reload: [Setting] = [
        .time(
            "reload.watch",
            "watch",
            \.reload.watch,
            .common,
            help: "Look for changed settings files this often; 0s: only at HUP.",
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
            help: "End what runs and is denied by reloaded rules.",
            reason: "Off, so that a reload harms nobody who was let in: what runs keeps the rules it was decided by."
        ),
    ]
}
