import CBRClient
public import Catalog
public import ControlPlane
public import HoldfastCore

/// The regions that are set up, and a client for each pairing of projects.
public final class PeerDirectory: ReplicationPeers {
    /// Callers of the interface wait for these calls.
    static let questionPatience = Duration.seconds(10)
    /// A batch of chunks arrives and is stored within it, also over a thin line.
    static let transferPatience = Duration.seconds(660)

    /// What is needed to send from one project to its pair.
    struct Line: Sendable {
        let remote: ProjectID
        let questions: ServiceClient
        let transfers: ServiceClient
        let limit: BandwidthLimit
    }

    public let localRegion: String
    private let lines: [String: [ProjectID: Line]]
    private let names: [String]
    public convenience init(localRegion: String, peers: [Peer], seams: Seams) {
        let pairs = peers.map { peer in
            (
                peer, PeerTransport(peer, timeout: Self.questionPatience),
                PeerTransport(peer, timeout: Self.transferPatience)
            )
        }
        let transports = Dictionary(uniqueKeysWithValues: pairs.map { ($0.0.region, ($0.1, $0.2)) })
        self.init(
            localRegion: localRegion, peers: peers, seams: seams,
            transports: { peer in transports[peer.region].map { ($0.0, $0.1) } })
    }

    /// - Parameter transports: for questions, and for transfers.
    init(
        localRegion: String, peers: [Peer], seams: Seams,
        transports: (Peer) -> (any HTTPTransport, any HTTPTransport)?
    ) {
        self.localRegion = localRegion
        names = peers.map(\.region)
        var lines: [String: [ProjectID: Line]] = [:]
        for peer in peers {
            guard let (questions, transfers) = transports(peer) else { continue }
            let limit = BandwidthLimit(bytesPerSecond: peer.bytesPerSecond, seams: seams)
            for pairing in peer.pairings {
                let credentials = Credentials(
                    proof: pairing.proof, project: pairing.project, identityURL: peer.endpoint + "/v3",
                    serviceURL: peer.endpoint)
                lines[peer.region, default: [:]][pairing.local] = Line(
                    remote: pairing.remote,
                    questions: ServiceClient(credentials: credentials, transport: questions),
                    transfers: ServiceClient(credentials: credentials, transport: transfers), limit: limit)
            }
        }
        self.lines = lines
    }

    func line(of project: ProjectID, to region: String) -> Line? { lines[region]?[project] }

    public func regions(for project: ProjectID) -> [String] { names.filter { lines[$0]?[project] != nil } }

    public func remoteProject(of project: ProjectID, in region: String) -> ProjectID? {
        line(of: project, to: region)?.remote
    }

    public func vaults(
        in region: String, for project: ProjectID, _ filter: RemoteVaultFilter, limit: Int, offset: Int
    ) async throws -> Listing<RemoteVault> {
        try await asking(region, project) { line in
            var query = [("limit", "\(limit)"), ("offset", "\(offset)")]
            if let id = filter.id { query.append(("id", id.text)) }
            if let type = filter.objectType { query.append(("object_type", type.rawValue)) }
            if let type = filter.protectType { query.append(("protect_type", type.rawValue)) }
            if let type = filter.cloudType { query.append(("cloud_type", type)) }
            let found = try await line.questions.externalVaults(query)
            return Listing(
                rows: found.vaults.prefix(limit).compactMap { RemoteVault($0, of: line.remote) },
                count: max(0, found.count))
        }
    }

    public func vault(_ id: VaultID, in region: String, for project: ProjectID) async throws -> RemoteVault? {
        try await asking(region, project) { line in
            do { return RemoteVault(try await line.questions.externalVault(id.text), of: line.remote) } catch let error
                as ClientError where error.status == 404
            {
                return nil
            }
        }
    }

    public func hasBackup(_ id: BackupID, in region: String, for project: ProjectID) async throws -> Bool {
        try await asking(region, project) { line in
            do {
                _ = try await line.questions.backup(id.text)
                return true
            } catch let error as ClientError where error.status == 404 {
                return false
            }
        }
    }

    private func asking<Value>(
        _ region: String, _ project: ProjectID, _ body: (Line) async throws -> Value
    ) async throws -> Value {
        guard let line = line(of: project, to: region) else {
            throw ControlError(code: .regionUnknown, message: "there is no region '\(region)' for this project")
        }
        do { return try await body(line) } catch let error as ClientError {
            // What the peer says of itself is for the administrator's eyes; that it does not work is for the caller's.
            let message =
                error.status == 401 || error.status == 403
                ? "region '\(region)' refuses this server; its administrator has to look at what it sends as"
                : "region '\(region)' does not answer as it should; try again later"
            throw ControlError(
                code: .regionUnreachable, message: message,
                facts: ["region": region, "reason": error.message], cause: error)
        }
    }
}

extension Peer.Pairing {
    /// What an application credential or a token is good for, it says itself.
    var project: Credentials.Named? {
        switch proof {
        case .password: .id(remote.text)
        case .applicationCredential, .token: nil
        }
    }
}

extension RemoteVault {
    /// - Returns: nil for what this version does not know.
    init?(_ vault: ExternalVault, of project: ProjectID) {
        guard vault.projectID == project.text, let objectType = VaultObjectType(rawValue: vault.billing.objectType),
            let protectType = VaultProtectType(rawValue: vault.billing.protectType),
            let level = ConsistentLevel(rawValue: vault.billing.consistentLevel)
        else { return nil }
        self.init(
            id: VaultID(vault.id), project: project, name: vault.name, description: vault.description,
            createdAt: vault.createdAt ?? "", objectType: objectType, protectType: protectType,
            consistentLevel: level, state: VaultState(rawValue: vault.billing.status) ?? .error,
            sizeGiB: vault.billing.size, allocatedGiB: vault.billing.allocated, usedMiB: vault.billing.used,
            members: vault.resources.map { member in
                Member(
                    id: member.id, name: member.name ?? "", type: member.type, sizeGiB: member.size ?? 0,
                    backupCount: member.backupCount ?? 0, backupMiB: member.backupSize ?? 0,
                    protectStatus: ProtectStatus(rawValue: member.protectStatus ?? "")?.rawValue ?? "available")
            })
    }
}
