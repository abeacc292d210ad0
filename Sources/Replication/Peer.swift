public import CBRClient
public import HoldfastCore

/// Another server, as the administrator set it up.
public struct Peer: Sendable {
    /// A project here that may send to a project there, and as whom.
    public struct Pairing: Sendable {
        public let local: ProjectID
        public let remote: ProjectID
        public let proof: Credentials.Proof

        public init(local: ProjectID, remote: ProjectID, proof: Credentials.Proof) {
            self.local = local
            self.remote = remote
            self.proof = proof
        }
    }

    public let region: String
    /// Such as `https://backup.example:8776`, without a slash at its end.
    public let endpoint: String
    /// PEM; nil: what the system trusts.
    public let certificateAuthorities: String?
    /// Nil: no limit.
    public let bytesPerSecond: Int64?
    public let pairings: [Pairing]

    public init(
        region: String, endpoint: String, certificateAuthorities: String?, bytesPerSecond: Int64?, pairings: [Pairing]
    ) {
        self.region = region
        self.endpoint = endpoint
        self.certificateAuthorities = certificateAuthorities
        self.bytesPerSecond = bytesPerSecond
        self.pairings = pairings
    }
}
