/// The interface counts in GB and MB, powers of two, rounded up so that something is never shown as nothing.
enum Units {
    static func gigabytes(_ bytes: Int64) -> Int { roundedUp(bytes, 30) }
    static func megabytes(_ bytes: Int64) -> Int { roundedUp(bytes, 20) }

    private static func roundedUp(_ bytes: Int64, _ shift: Int64) -> Int {
        Int(bytes >> shift) + (bytes & ((1 << shift) - 1) == 0 ? 0 : 1)
    }
}

/// Fixed ids of the interface that say what kind of resource a thing is about.
enum ProviderIDs {
    static let server = "0daac4c5-6707-4851-97ba-169e36266b66"
    static let disk = "d1603440-187d-4516-af25-121250c7cc97"
    static let turbo = "3f3c3220-245c-4805-b811-758870015881"
    static let vmware = "a13639de-00be-4e94-af30-26912d75e4a2"
}
