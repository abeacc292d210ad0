/// What names the chunks of one domain, for somebody outside the repository: a peer that sends chunks names them itself, and so
/// can ask which are missing before it sends any.
///
/// Whoever has it can tell whether a name stands for bytes that he can guess, in this one domain. It opens nothing.
public struct ChunkNaming: Sendable {
    public static let keyBytes = 32

    private let hash: KeyedHash

    /// - Returns: nil unless there are exactly 32 bytes.
    public init?(key: [UInt8]) {
        guard key.count == Self.keyBytes else { return nil }
        hash = KeyedHash(key: SecretBytes(key))
    }

    /// - Throws: ``RepositoryError`` with `.libraryFailure`.
    public func name(of plain: UnsafeRawBufferPointer) throws -> ChunkID { try hash.name(of: plain) }
}

extension Repository {
    /// The key of ``ChunkNaming`` for a domain. Only for whoever may read and write all of that domain.
    public func namingKey(ofDomain domain: String) throws -> [UInt8] {
        try keys.namingKey(try DomainTag(domain: domain)).withUnsafeBytes { Array($0) }
    }
}
