import HoldfastCore

/// Names contents by what they are.
public enum ContentDigest {
    /// SHA-256 (FIPS 180-4) in small hex digits: 64 characters.
    public static func hex(_ bytes: [UInt8]) -> String { Hex.encode(Hashing.sha256(bytes)) }
}
