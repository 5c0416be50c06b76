// swift-tools-version: 6.2
import PackageDescription

/// Every target of the house: Swift 6, no warning let through.
let strict: [SwiftSetting] = [
    .enableUpcomingFeature("ExistentialAny"),
    .enableUpcomingFeature("InternalImportsByDefault"),
    .enableUpcomingFeature("MemberImportVisibility"),
    .treatAllWarnings(as: .error),
]

/// All but the reactor, where the system calls are, may hold no unsafe code that is not marked as such.
let safe = strict + [.strictMemorySafety()]

let package = Package(
    name: "apus",
    products: [
        .library(name: "Apus", targets: ["Apus"]),
        .library(name: "ApusAdmin", targets: ["ApusAdmin"]),
        .library(name: "ApusAuth", targets: ["ApusAuth"]),
        .library(name: "ApusJWT", targets: ["ApusJWT"]),
        .library(name: "ApusTesting", targets: ["ApusTesting"]),
        .executable(name: "apus", targets: ["ApusCommand"]),
    ],
    // What the command has that takes long to build; without them: swift build --disable-default-traits.
    traits: [
        .trait(name: "AdminListener", description: "The admin listener of the command: metrics, health and the page."),
        .trait(name: "JWT", description: "Users who show JSON Web Tokens to the command."),
        .default(enabledTraits: ["AdminListener", "JWT"]),
    ],
    dependencies: [
        // Its core alone, without its traits: what serves HTTP, and FoundationEssentials.
        .package(url: "https://github.com/hummingbird-project/hummingbird.git", from: "2.28.1", traits: []),
        .package(url: "https://github.com/apple/swift-http-types.git", from: "1.8.0"),
        .package(url: "https://github.com/apple/swift-log.git", from: "1.6.0"),
        .package(url: "https://github.com/apple/swift-nio.git", from: "2.101.0"),
        .package(url: "https://github.com/apple/swift-crypto.git", from: "4.5.2"),
        .package(url: "https://github.com/vapor/jwt-kit.git", from: "5.7.1"),
        .package(url: "https://github.com/swift-server/swift-service-lifecycle.git", from: "2.6.0"),
    ],
    targets: [
        .target(name: "ApusWire", swiftSettings: safe),
        .target(name: "ApusPolicy", dependencies: ["ApusWire"], swiftSettings: safe),
        .target(name: "ApusFlow", dependencies: ["ApusWire", "ApusPolicy"], swiftSettings: safe),
        // What is said of what has happened.
        .target(name: "ApusReport", dependencies: ["ApusWire", "ApusPolicy", "ApusFlow"], swiftSettings: safe),
        // Questions about a policy that no request waits for.
        .target(
            name: "ApusAdvice",
            dependencies: ["ApusWire", "ApusPolicy", "ApusFlow", "ApusReport"],
            swiftSettings: safe
        ),
        .target(name: "CApusReactor"),
        .target(name: "ApusReactor", dependencies: ["CApusReactor"], swiftSettings: strict),
        .target(
            name: "Apus",
            dependencies: [
                "ApusWire", "ApusPolicy", "ApusFlow", "ApusReport", "ApusAdvice", "ApusReactor",
                .product(name: "Logging", package: "swift-log"),
                .product(name: "ServiceLifecycle", package: "swift-service-lifecycle"),
            ],
            swiftSettings: safe
        ),
        // crypt(3) is in a library of its own beside the C library; libc6-dev brings it.
        .target(name: "CApusCrypt", linkerSettings: [.linkedLibrary("crypt")]),
        .target(
            name: "ApusAuth",
            dependencies: ["Apus", "ApusFlow", "ApusPolicy", "ApusReactor", "ApusWire", "CApusCrypt"],
            swiftSettings: safe
        ),
        // Beside ApusAuth, so that who needs no JWT does not build its cryptography.
        .target(
            name: "ApusJWT",
            dependencies: [
                "Apus", "ApusPolicy", "ApusReactor", "ApusWire",
                .product(name: "JWTKit", package: "jwt-kit"),
            ],
            swiftSettings: safe
        ),
        // libyaml's parser, whose version is here and in its README, and a shim.
        .target(
            name: "CApusYaml",
            exclude: ["README.md", "libyaml.sha256", "libyaml/License"],
            cSettings: [
                .headerSearchPath("libyaml"),
                .define("YAML_DECLARE_STATIC"),
                .define("YAML_VERSION_STRING", to: "\"0.2.5\""),
                .define("YAML_VERSION_MAJOR", to: "0"),
                .define("YAML_VERSION_MINOR", to: "2"),
                .define("YAML_VERSION_PATCH", to: "5"),
            ]
        ),
        .target(
            name: "ApusConfig",
            dependencies: ["Apus", "ApusAdvice", "ApusPolicy", "ApusReport", "ApusWire", "CApusYaml"],
            swiftSettings: safe
        ),
        .target(
            name: "ApusAdmin",
            dependencies: [
                "Apus", "ApusFlow", "ApusPolicy", "ApusReport", "ApusWire",
                .product(name: "HTTPTypes", package: "swift-http-types"),
                .product(name: "HummingbirdCore", package: "hummingbird"),
                .product(name: "Logging", package: "swift-log"),
                .product(name: "NIOCore", package: "swift-nio"),
                .product(name: "NIOHTTP1", package: "swift-nio"),
                .product(name: "NIOPosix", package: "swift-nio"),
                .product(name: "ServiceLifecycle", package: "swift-service-lifecycle"),
            ],
            resources: [.embedInCode("Page")],
            swiftSettings: safe
        ),
        // What apus top shows, without its terminal and its connection.
        .target(name: "ApusTop", dependencies: ["ApusReport", "ApusWire"], swiftSettings: safe),
        .executableTarget(
            name: "ApusCommand",
            dependencies: [
                "Apus", "ApusAdvice", "ApusAuth", "ApusConfig", "ApusPolicy", "ApusReport", "ApusTop",
                .target(name: "ApusAdmin", condition: .when(traits: ["AdminListener"])),
                .target(name: "ApusJWT", condition: .when(traits: ["JWT"])),
                .product(name: "Logging", package: "swift-log"),
            ],
            swiftSettings: safe
        ),
        .executableTarget(
            name: "PurePath",
            dependencies: ["ApusFlow", "ApusWire"],
            path: "Benchmarks/PurePath",
            swiftSettings: safe
        ),
        .executableTarget(
            name: "PolicyPath",
            dependencies: ["ApusPolicy", "ApusWire"],
            path: "Benchmarks/PolicyPath",
            swiftSettings: safe
        ),
        .executableTarget(
            name: "ListPath",
            dependencies: ["ApusPolicy"],
            path: "Benchmarks/ListPath",
            swiftSettings: strict
        ),
        .target(
            name: "ApusTesting",
            dependencies: ["Apus", "ApusFlow", "ApusWire", .product(name: "Logging", package: "swift-log")],
            swiftSettings: safe
        ),
        // What the tests of several targets draw from: random policies, sample records.
        .target(
            name: "ApusSamples",
            dependencies: ["ApusAdvice", "ApusFlow", "ApusPolicy", "ApusReport", "ApusWire"],
            path: "Tests/ApusSamples",
            swiftSettings: strict
        ),
        .testTarget(name: "ApusWireTests", dependencies: ["ApusWire"], swiftSettings: strict),
        .testTarget(
            name: "ApusPolicyTests",
            dependencies: ["ApusPolicy", "ApusAdvice", "ApusSamples", "ApusWire"],
            swiftSettings: strict
        ),
        .testTarget(
            name: "ApusFlowTests",
            dependencies: [
                "ApusFlow", "ApusAdvice", "ApusPolicy", "ApusReport", "ApusSamples", "ApusTesting", "ApusWire",
            ],
            swiftSettings: strict
        ),
        .testTarget(
            name: "ApusReportTests",
            dependencies: ["ApusReport", "ApusFlow", "ApusPolicy", "ApusSamples", "ApusWire"],
            swiftSettings: strict
        ),
        .testTarget(
            name: "ApusAdviceTests",
            dependencies: ["ApusAdvice", "ApusFlow", "ApusPolicy", "ApusReport", "ApusSamples", "ApusWire"],
            swiftSettings: strict
        ),
        .testTarget(
            name: "ApusTestingTests",
            dependencies: ["ApusTesting", "Apus", "ApusFlow", "ApusPolicy", "ApusWire"],
            swiftSettings: strict
        ),
        .testTarget(name: "ApusReactorTests", dependencies: ["ApusReactor"], swiftSettings: strict),
        .testTarget(
            name: "ApusTests",
            dependencies: [
                "Apus", "ApusTesting", "ApusFlow", "ApusPolicy", "ApusSamples", "ApusWire",
                .product(name: "Logging", package: "swift-log"),
                .product(name: "ServiceLifecycle", package: "swift-service-lifecycle"),
            ],
            swiftSettings: strict
        ),
        // Where an embedder stands: one product, and nothing of the package's own.
        .testTarget(
            name: "ApusVocabularyTests",
            dependencies: ["Apus"],
            packageAccess: false,
            swiftSettings: strict
        ),
        .testTarget(
            name: "ApusAuthTests",
            dependencies: ["ApusAuth", "Apus", "ApusPolicy", "ApusTesting", "ApusWire"],
            swiftSettings: strict
        ),
        .testTarget(
            name: "ApusJWTTests",
            dependencies: [
                "ApusJWT", "Apus", "ApusPolicy", "ApusTesting", "ApusWire",
                .product(name: "CryptoExtras", package: "swift-crypto"),
                .product(name: "JWTKit", package: "jwt-kit"),
            ],
            swiftSettings: strict
        ),
        .testTarget(name: "ApusTopTests", dependencies: ["ApusTop", "ApusReport", "ApusWire"], swiftSettings: strict),
        .testTarget(
            name: "ApusAdminTests",
            dependencies: [
                "ApusAdmin", "Apus", "ApusFlow", "ApusPolicy", "ApusReport", "ApusTesting", "ApusWire",
                .product(name: "HTTPTypes", package: "swift-http-types"),
                .product(name: "HummingbirdCore", package: "hummingbird"),
                .product(name: "Logging", package: "swift-log"),
                .product(name: "NIOCore", package: "swift-nio"),
            ],
            swiftSettings: strict
        ),
        .testTarget(
            name: "ApusConfigTests",
            dependencies: ["ApusConfig", "Apus", "ApusAdvice", "ApusFlow", "ApusPolicy", "ApusWire"],
            swiftSettings: strict
        ),
        .testTarget(
            name: "ApusCommandTests",
            dependencies: [
                "ApusCommand", "ApusConfig", "Apus", "ApusAdvice", "ApusPolicy", "ApusReport", "ApusTesting",
            ],
            swiftSettings: strict
        ),
    ],
    swiftLanguageModes: [.v6]
)
