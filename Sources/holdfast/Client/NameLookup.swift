import CBRClient

/// Finds one of several things by id or by name.
enum NameLookup {
    /// - Throws: ``CommandFailure`` that names the nearest name, or the ids where several have it.
    static func find<Item>(
        _ wanted: String, among items: [Item], kind: String, id: (Item) -> String, name: (Item) -> String
    ) throws -> Item {
        if let found = items.first(where: { id($0) == wanted }) { return found }
        let named = items.filter { name($0) == wanted }
        if named.count > 1 {
            throw CommandFailure(
                "\(named.count) \(kind)s have the name '\(wanted)'; give one of their ids: "
                    + named.map(id).joined(separator: ", "))
        }
        if let found = named.first { return found }
        let nearest = items.map(name).min { distance($0, wanted) < distance($1, wanted) }
        let isNear = nearest.map { distance($0, wanted) <= max(2, wanted.count / 3) } ?? false
        let hint = isNear ? nearest.map { "; did you mean '\($0)'?" } ?? "" : ""
        throw CommandFailure("\(kind) '\(wanted)' not found\(hint)")
    }

    /// How many letters have to be put in, taken out or changed (Levenshtein 1965; the two-row form of Wagner and Fischer).
    static func distance(_ left: String, _ right: String) -> Int {
        let (left, right) = (Array(left.lowercased()), Array(right.lowercased()))
        var row = Array(0...right.count)
        for (index, letter) in left.enumerated() {
            var previous = row[0]
            row[0] = index + 1
            for (column, other) in right.enumerated() {
                let cost = previous + (letter == other ? 0 : 1)
                previous = row[column + 1]
                row[column + 1] = min(cost, row[column] + 1, row[column + 1] + 1)
            }
        }
        return row[right.count]
    }
}

extension ServiceClient {
    func vault(called wanted: String) async throws -> Vault {
        try NameLookup.find(wanted, among: await vaults().value, kind: "vault", id: \.id, name: \.name)
    }

    func resource(called wanted: String) async throws -> Resource {
        try NameLookup.find(wanted, among: await resources().value, kind: "resource", id: \.id, name: \.name)
    }

    func backup(called wanted: String) async throws -> Backup {
        try NameLookup.find(wanted, among: await backups().value, kind: "backup", id: \.id, name: \.name)
    }

    /// One of another project's that is shared with this one.
    func sharedBackup(called wanted: String) async throws -> Backup {
        let shared = try await backups(BackupFilter(ownType: "shared")).value
        return try NameLookup.find(wanted, among: shared, kind: "shared backup", id: \.id, name: \.name)
    }

    /// One of this project's or, by its id alone, a shared one: names of those are made up by others, and must not be
    /// taken for one's own.
    func visibleBackup(called wanted: String) async throws -> Backup {
        let own = try await backups().value
        let shared = try await backups(BackupFilter(ownType: "shared")).value.first { $0.id == wanted }
        return try shared ?? NameLookup.find(wanted, among: own, kind: "backup", id: \.id, name: \.name)
    }
}
