// swift-tools-version: 6.2
import PackageDescription

let settings: [SwiftSetting] = [
    .enableUpcomingFeature("ExistentialAny"),
    .enableUpcomingFeature("MemberImportVisibility"),
    .treatAllWarnings(as: .error),
]

let package = Package(
    name: "examples",
    dependencies: [
        .package(name: "apus", path: ".."),
        .package(url: "https://github.com/apple/swift-log.git", from: "1.6.0"),
        .package(url: "https://github.com/swift-server/swift-service-lifecycle.git", from: "2.6.0"),
    ],
    targets: [
        .executableTarget(
            name: "TenLines",
            dependencies: [.product(name: "Apus", package: "apus")],
            path: "TenLines",
            swiftSettings: settings
        ),
        .executableTarget(
            name: "Embedded",
            dependencies: [
                .product(name: "Apus", package: "apus"),
                .product(name: "Logging", package: "swift-log"),
                .product(name: "ServiceLifecycle", package: "swift-service-lifecycle"),
                .product(name: "UnixSignals", package: "swift-service-lifecycle"),
            ],
            path: "Embedded",
            swiftSettings: settings
        ),
        .executableTarget(
            name: "PolicyClosure",
            dependencies: [.product(name: "Apus", package: "apus")],
            path: "PolicyClosure",
            swiftSettings: settings
        ),
        .executableTarget(
            name: "Observer",
            dependencies: [.product(name: "Apus", package: "apus")],
            path: "Observer",
            swiftSettings: settings
        ),
        .executableTarget(
            name: "Watched",
            dependencies: [
                .product(name: "Apus", package: "apus"),
                .product(name: "ApusAdmin", package: "apus"),
                .product(name: "Logging", package: "swift-log"),
                .product(name: "ServiceLifecycle", package: "swift-service-lifecycle"),
                .product(name: "UnixSignals", package: "swift-service-lifecycle"),
            ],
            path: "Watched",
            swiftSettings: settings
        ),
    ],
    swiftLanguageModes: [.v6]
)
