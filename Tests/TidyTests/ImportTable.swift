/// Who may import whom. SwiftPM does not hold this line: a target sees the modules of its dependencies' dependencies too.
///
/// `docs/architecture.md` explains the table; a room is a folder of `Sources`.
enum ImportTable {
    /// What every room may use: the language's own modules, and the wrappers over system calls.
    static let everywhere: Set<String> = [
        "Foundation", "FoundationNetworking", "Glibc", "Synchronization", "CHoldfast",
    ]

    /// Rooms of this package that a room may import.
    static let rooms: [String: Set<String>] = [
        "HoldfastCore": [],
        "ObjectStorage": ["HoldfastCore"],
        "Repository": ["HoldfastCore", "ObjectStorage"],
        "Endpoints": ["HoldfastCore"],
        "Transfer": ["HoldfastCore", "Endpoints", "Repository"],
        "Archiving": ["Repository"],
        "Mounting": ["HoldfastCore", "Repository"],
        "Catalog": ["HoldfastCore"],
        "Identity": ["HoldfastCore", "Catalog"],
        "ControlPlane": ["HoldfastCore", "Catalog"],
        "Jobs": [
            "HoldfastCore", "ObjectStorage", "Repository", "Endpoints", "Transfer", "Catalog", "Identity",
            "ControlPlane",
        ],
        "CBRWire": ["HoldfastCore"],
        "CBRServer": ["HoldfastCore", "CBRWire", "ControlPlane", "Identity", "Catalog"],
        "CBRClient": ["HoldfastCore", "CBRWire"],
        "Replication": [
            "HoldfastCore", "Repository", "Transfer", "Catalog", "ControlPlane", "Jobs", "CBRClient",
        ],
        "ServerAssembly": [
            "HoldfastCore", "ObjectStorage", "Repository", "Endpoints", "Transfer", "Catalog", "Identity",
            "ControlPlane",
            "Jobs", "CBRWire", "CBRServer", "CBRClient", "Replication",
        ],
        "holdfast": [
            "HoldfastCore", "ObjectStorage", "Repository", "Endpoints", "Transfer", "Archiving", "Mounting", "CBRWire",
            "CBRClient", "ServerAssembly",
        ],
    ]

    /// Modules from outside that a room may import. One home for each keeps a change of library a change of one room.
    static let libraries: [String: Set<String>] = [
        "Repository": ["CZstd", "CCrypto"],
        "Archiving": ["CArchive"],
        "Mounting": ["CFuse"],
        "Catalog": ["GRDB", "GRDBSQLite", "CPostgres"],
        "Identity": ["CCrypto"],
        "Jobs": ["Logging", "ServiceLifecycle"],
        "CBRServer": [
            "Hummingbird", "HummingbirdCore", "HTTPTypes", "Logging", "NIOCore", "NIOHTTP1", "NIOHTTPTypes", "NIOPosix",
            "ServiceLifecycle",
        ],
        "Replication": ["AsyncHTTPClient", "NIOCore", "NIOHTTP1", "NIOSSL", "Logging"],
        "ServerAssembly": [
            "Hummingbird", "HummingbirdCore", "Configuration", "Yams", "Logging", "NIOCore", "ServiceLifecycle",
            "SystemPackage",
            "UnixSignals",
        ],
        "holdfast": ["ArgumentParser", "Logging"],
    ]
}
