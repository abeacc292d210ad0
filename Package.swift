// swift-tools-version: 6.2
import PackageDescription

let strict: [SwiftSetting] = [
    .enableUpcomingFeature("ExistentialAny"),
    .enableUpcomingFeature("MemberImportVisibility"),
    .enableUpcomingFeature("InternalImportsByDefault"),
    .treatAllWarnings(as: .error),
]

/// Rooms that touch every byte are optimised in debug builds too: one build then serves the tests and the demo.
let hot: [SwiftSetting] = strict + [.unsafeFlags(["-O"], .when(configuration: .debug))]

let logging = Target.Dependency.product(name: "Logging", package: "swift-log")
let hummingbird = Target.Dependency.product(name: "Hummingbird", package: "hummingbird")
let argumentParser = Target.Dependency.product(name: "ArgumentParser", package: "swift-argument-parser")

// What each room may import is written down, and held, in Tests/TidyTests/ImportTable.swift.
let package = Package(
    name: "holdfast",
    platforms: [.macOS(.v15)],
    products: [.executable(name: "holdfast", targets: ["holdfast"])],
    dependencies: [
        .package(url: "https://github.com/apple/swift-argument-parser", from: "1.8.2"),
        .package(
            url: "https://github.com/apple/swift-configuration", from: "1.4.0",
            traits: ["JSON", "YAML", "CommandLineArguments"]),
        .package(url: "https://github.com/apple/swift-log", from: "1.16.2"),
        .package(url: "https://github.com/groue/GRDB.swift", from: "7.10.0"),
        .package(url: "https://github.com/hummingbird-project/hummingbird", from: "2.28.1"),
        .package(url: "https://github.com/jpsim/Yams", from: "6.2.2"),
        .package(url: "https://github.com/swift-server/async-http-client.git", from: "1.37.0"),
        .package(url: "https://github.com/swift-server/swift-service-lifecycle", from: "2.13.0"),
    ],
    targets: [
        // MARK: C libraries and system calls

        .systemLibrary(
            name: "CZstd", path: "Sources/C/CZstd", pkgConfig: "libzstd", providers: [.apt(["libzstd-dev"])]),
        .systemLibrary(
            name: "CCrypto", path: "Sources/C/CCrypto", pkgConfig: "libcrypto", providers: [.apt(["libssl-dev"])]),
        .systemLibrary(
            name: "CArchive", path: "Sources/C/CArchive", pkgConfig: "libarchive", providers: [.apt(["libarchive-dev"])]
        ),
        .systemLibrary(
            name: "CFuse", path: "Sources/C/CFuse", pkgConfig: "fuse3", providers: [.apt(["libfuse3-dev"])]),
        .systemLibrary(
            name: "CPostgres", path: "Sources/C/CPostgres", pkgConfig: "libpq", providers: [.apt(["libpq-dev"])]),
        .target(name: "CHoldfast", path: "Sources/C/CHoldfast"),

        // MARK: Core

        .target(name: "HoldfastCore", dependencies: ["CHoldfast"], swiftSettings: hot),

        // MARK: Data plane: knows nothing of CBR, HTTP or SQL

        .target(name: "ObjectStorage", dependencies: ["HoldfastCore", "CHoldfast"], swiftSettings: hot),
        .target(
            name: "Repository", dependencies: ["HoldfastCore", "ObjectStorage", "CZstd", "CCrypto", "CHoldfast"],
            swiftSettings: hot),
        .target(name: "Endpoints", dependencies: ["HoldfastCore", "CHoldfast"], swiftSettings: hot),
        .target(name: "Transfer", dependencies: ["HoldfastCore", "Endpoints", "Repository"], swiftSettings: hot),

        .target(name: "Archiving", dependencies: ["Repository", "CArchive"], swiftSettings: hot),
        .target(
            name: "Mounting", dependencies: ["HoldfastCore", "Repository", "CFuse", "CHoldfast"], swiftSettings: hot),

        // MARK: Control plane: never touches bytes

        .target(
            name: "Catalog",
            dependencies: [
                "HoldfastCore", "CHoldfast", "CPostgres", .product(name: "GRDB", package: "GRDB.swift"),
                .product(name: "GRDBSQLite", package: "GRDB.swift"),
            ],
            swiftSettings: strict),
        .target(name: "Identity", dependencies: ["HoldfastCore", "Catalog", "CCrypto"], swiftSettings: strict),
        .target(name: "ControlPlane", dependencies: ["HoldfastCore", "Catalog"], swiftSettings: strict),

        // MARK: Jobs: the only room that sees both planes

        .target(
            name: "Jobs",
            dependencies: [
                "HoldfastCore", "ObjectStorage", "Repository", "Endpoints", "Transfer", "Catalog", "ControlPlane",
                logging, .product(name: "ServiceLifecycle", package: "swift-service-lifecycle"),
            ],
            swiftSettings: strict),

        // MARK: HTTP

        .target(name: "CBRWire", dependencies: ["HoldfastCore"], swiftSettings: strict),
        .target(
            name: "CBRServer",
            dependencies: [
                "HoldfastCore", "CBRWire", "ControlPlane", "Identity", "Catalog", hummingbird, logging,
                .product(name: "ServiceLifecycle", package: "swift-service-lifecycle"),
            ],
            swiftSettings: strict),
        .target(name: "CBRClient", dependencies: ["HoldfastCore", "CBRWire"], swiftSettings: strict),

        // MARK: Other regions: sends what Jobs asks for, over HTTP

        .target(
            name: "Replication",
            dependencies: [
                "HoldfastCore", "Repository", "Transfer", "Catalog", "ControlPlane", "Jobs", "CBRClient", logging,
                .product(name: "AsyncHTTPClient", package: "async-http-client"),
            ],
            swiftSettings: strict),

        // MARK: Composition root and executable

        .target(
            name: "ServerAssembly",
            dependencies: [
                "HoldfastCore", "CHoldfast", "ObjectStorage", "Repository", "Endpoints", "Transfer", "Catalog",
                "Identity",
                "ControlPlane", "Jobs", "CBRWire", "CBRServer", "CBRClient", "Replication", hummingbird, logging,
                .product(name: "Configuration", package: "swift-configuration"),
                .product(name: "ServiceLifecycle", package: "swift-service-lifecycle"),
                .product(name: "UnixSignals", package: "swift-service-lifecycle"), "Yams",
            ],
            swiftSettings: strict),
        .executableTarget(
            name: "holdfast",
            dependencies: [
                "HoldfastCore", "ObjectStorage", "Repository", "Endpoints", "Transfer", "Archiving", "Mounting",
                "CBRWire",
                "CBRClient", "ServerAssembly", argumentParser, logging,
            ],
            swiftSettings: strict),

        // MARK: Tests

        .target(
            name: "TestSupport", dependencies: ["HoldfastCore", "ObjectStorage", "Catalog"], path: "Tests/Support",
            swiftSettings: strict),
        .testTarget(name: "TidyTests", swiftSettings: strict),
        .testTarget(name: "HoldfastCoreTests", dependencies: ["HoldfastCore"], swiftSettings: strict),
        .testTarget(name: "ObjectStorageTests", dependencies: ["ObjectStorage", "TestSupport"], swiftSettings: strict),
        .target(
            name: "FuzzDecoders", dependencies: ["HoldfastCore", "ObjectStorage", "Repository"],
            path: "Tests/FuzzDecoders", swiftSettings: strict),
        .executableTarget(
            name: "DecoderMutations", dependencies: ["FuzzDecoders"], path: "Tests/DecoderMutations",
            swiftSettings: strict),
        .testTarget(
            name: "RepositoryTests",
            dependencies: ["HoldfastCore", "ObjectStorage", "Repository", "TestSupport", "FuzzDecoders"],
            swiftSettings: strict),
        .testTarget(name: "EndpointsTests", dependencies: ["Endpoints", "TestSupport"], swiftSettings: strict),
        .testTarget(
            name: "TransferTests",
            dependencies: [
                "HoldfastCore", "CHoldfast", "ObjectStorage", "Repository", "Endpoints", "Transfer", "Archiving",
                "TestSupport",
            ],
            swiftSettings: strict),
        .testTarget(
            name: "CatalogTests",
            dependencies: ["HoldfastCore", "Catalog", "TestSupport", .product(name: "GRDB", package: "GRDB.swift")],
            swiftSettings: strict),
        .testTarget(
            name: "IdentityTests", dependencies: ["Identity", "Catalog", "TestSupport"], exclude: ["Fixtures"],
            swiftSettings: strict),
        .testTarget(
            name: "ControlPlaneTests", dependencies: ["HoldfastCore", "Catalog", "ControlPlane", "TestSupport"],
            swiftSettings: strict),
        .testTarget(
            name: "JobsTests",
            dependencies: [
                "HoldfastCore", "ObjectStorage", "Repository", "Endpoints", "Transfer", "Catalog", "ControlPlane",
                "Jobs",
                "TestSupport", logging, .product(name: "ServiceLifecycle", package: "swift-service-lifecycle"),
            ],
            swiftSettings: strict),
        .testTarget(name: "CBRWireTests", dependencies: ["CBRWire", "TestSupport"], swiftSettings: strict),
        .testTarget(
            name: "CBRServerTests",
            dependencies: [
                "HoldfastCore", "CBRWire", "Catalog", "ControlPlane", "Identity", "CBRServer", "TestSupport", logging,
                .product(name: "ServiceLifecycle", package: "swift-service-lifecycle"),
            ],
            swiftSettings: strict),
        .testTarget(
            name: "ReplicationTests",
            dependencies: [
                "HoldfastCore", "ObjectStorage", "Repository", "Endpoints", "Transfer", "Catalog", "ControlPlane",
                "Jobs", "CBRClient", "Replication", "TestSupport", logging,
            ],
            swiftSettings: strict),
        .testTarget(name: "CBRClientTests", dependencies: ["CBRClient"], swiftSettings: strict),
        .testTarget(
            name: "ServerAssemblyTests",
            dependencies: ["HoldfastCore", "Catalog", "Identity", "ServerAssembly", "TestSupport"],
            swiftSettings: strict),
    ],
    swiftLanguageModes: [.v6]
)

// `make fuzz` alone builds this: it needs the sanitizers of the whole build, and libFuzzer in the place of `main`.
if Context.environment["HOLDFAST_FUZZ"] != nil {
    package.targets.append(
        .executableTarget(
            name: "Fuzz", dependencies: ["FuzzDecoders"], path: "Tests/Fuzz",
            swiftSettings: [.unsafeFlags(["-parse-as-library"])], linkerSettings: [.unsafeFlags(["-use-ld=lld"])]))
}
