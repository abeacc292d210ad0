/// A state that the catalog was in. A later one is greater; only those of one open catalog can be compared.
public struct CatalogVersion: Sendable, Hashable, Comparable {
    let number: UInt64

    init(_ number: UInt64) { self.number = number }

    public static func < (left: Self, right: Self) -> Bool { left.number < right.number }
}
