/// The advisory locks of this service, in one place so that no two have one key.
enum PostgresLock: Int {
    /// Held while the schema is changed.
    case migration = 1
    /// Held by the one server that may use the catalog.
    case server = 2

    /// Tells our locks from those of other programs in the database: "Hold", as bytes.
    static let group = 0x486F_6C64

    /// As the lock functions take it.
    var key: String { "\(Self.group), \(rawValue)" }
}
