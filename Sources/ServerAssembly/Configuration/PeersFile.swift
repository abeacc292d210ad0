import CBRClient
import Foundation
import HoldfastCore
public import Replication
import Yams

/// The file that `replication.peers` names: which other servers there are, and who may send to them.
///
/// ```yaml
/// peers:
///   - region: north-2
///     endpoint: https://backup.north.example:8776
///     ca_file: /etc/holdfast/north-2.pem        # else what the system trusts
///     bytes_per_second: 20000000                # else no limit
///     projects:
///       - local: 32 hex digits                  # whose backups may go
///         remote: 32 hex digits                 # to which project there
///         user: replicator
///         domain: default
///         password_file: /etc/holdfast/north-2.password
/// ```
/// In the place of `user`, `domain` and `password_file`: `application_credential_id` and `application_credential_secret_file`.
public enum PeersFile {
    /// - Throws: ``ConfigurationError``: one sentence that names the place and the rule.
    public static func read(_ path: String, localRegion: String) throws -> [Peer] {
        guard let data = FileManager.default.contents(atPath: path) else {
            throw ConfigurationError(message: "the file of peers \(path) is not there, or can't be read")
        }
        let node: Node?
        do { node = try compose(yaml: String(decoding: data, as: UTF8.self)) } catch {
            throw ConfigurationError(message: "the file of peers \(path) can't be read as YAML")
        }
        guard let node else { return [] }
        let root = try Fields(node, place: path, known: ["peers"])
        var regions: Set<String> = [localRegion]
        return try root.list("peers").enumerated().map { index, node in
            let peer = try self.peer(node, place: "\(path): peers[\(index)]")
            guard regions.insert(peer.region).inserted else {
                throw ConfigurationError(
                    message:
                        "\(path): peers[\(index)].region: '\(peer.region)' is this server's own region, or twice there")
            }
            return peer
        }
    }

    private static func peer(_ node: Node, place: String) throws -> Peer {
        let fields = try Fields(
            node, place: place,
            known: ["region", "endpoint", "ca_file", "bytes_per_second", "projects", "allow_plain_http"])
        let region = try fields.text("region")
        guard region.count <= 255,
            region.allSatisfy({ $0.isASCII && ($0.isLetter || $0.isNumber || "._-".contains($0)) })
        else { throw fields.problem("region", "may contain only letters, digits, '.', '_' and '-'") }
        var endpoint = try fields.text("endpoint")
        while endpoint.hasSuffix("/") { endpoint.removeLast() }
        guard let url = URL(string: endpoint), let host = url.host, ["http", "https"].contains(url.scheme) else {
            throw fields.problem("endpoint", "must be like https://HOST:PORT")
        }
        let isLocal = ["127.0.0.1", "::1", "localhost"].contains(host)
        let mayBePlain = try fields.optionalText("allow_plain_http") == "true"
        guard url.scheme == "https" || isLocal || mayBePlain else {
            throw fields.problem("endpoint", "must be https: over http anybody on the way reads all that is sent")
        }
        let authorities = try fields.optionalText("ca_file")
        if let authorities, !FileManager.default.isReadableFile(atPath: authorities) {
            throw fields.problem("ca_file", "can't be read")
        }
        var limit: Int64?
        if let text = try fields.optionalText("bytes_per_second") {
            guard let number = Int64(text), (1024...1 << 40).contains(number) else {
                throw fields.problem("bytes_per_second", "must be a whole number from 1024 to \(1 << 40)")
            }
            limit = number
        }
        var locals: Set<String> = []
        let pairings = try fields.list("projects").enumerated().map { index, node in
            let pairing = try pairing(node, place: "\(place).projects[\(index)]")
            guard locals.insert(pairing.local.text).inserted else {
                throw ConfigurationError(message: "\(place).projects[\(index)].local: is there twice")
            }
            return pairing
        }
        return Peer(
            region: region, endpoint: endpoint, certificateAuthorities: authorities, bytesPerSecond: limit,
            pairings: pairings)
    }

    private static func pairing(_ node: Node, place: String) throws -> Peer.Pairing {
        let fields = try Fields(
            node, place: place,
            known: [
                "local", "remote", "user", "domain", "password_file", "application_credential_id",
                "application_credential_secret_file",
            ])
        let proof: Credentials.Proof
        if let id = try fields.optionalText("application_credential_id") {
            proof = .applicationCredential(id: id, secret: try fields.secret("application_credential_secret_file"))
        } else {
            proof = .password(
                user: .name(
                    try fields.text("user"), domain: .name(try fields.optionalText("domain") ?? "default")),
                password: try fields.secret("password_file"))
        }
        return Peer.Pairing(
            local: ProjectID(try fields.text("local")), remote: ProjectID(try fields.text("remote")), proof: proof)
    }

    /// A mapping whose keys are all known.
    private struct Fields {
        let place: String
        private let values: [String: Node]

        init(_ node: Node, place: String, known: Set<String>) throws {
            guard let mapping = node.mapping else {
                throw ConfigurationError(message: "\(place): must hold keys and values")
            }
            var values: [String: Node] = [:]
            for (key, value) in mapping {
                guard let name = key.string, known.contains(name) else {
                    throw ConfigurationError(
                        message: "\(place): '\(key.string ?? "?")' is not known; known are "
                            + known.sorted().joined(separator: ", "))
                }
                values[name] = value
            }
            self.place = place
            self.values = values
        }

        func problem(_ name: String, _ rule: String) -> ConfigurationError {
            ConfigurationError(message: "\(place).\(name): \(rule)")
        }

        func optionalText(_ name: String) throws -> String? {
            guard let node = values[name] else { return nil }
            guard let text = node.scalar?.string, !text.isEmpty else { throw problem(name, "must be one value") }
            return text
        }

        func text(_ name: String) throws -> String {
            guard let text = try optionalText(name) else { throw problem(name, "is required") }
            return text
        }

        func list(_ name: String) throws -> [Node] {
            guard let node = values[name] else { return [] }
            guard let sequence = node.sequence else { throw problem(name, "must be a list") }
            return Array(sequence)
        }

        /// The first line of a file that nobody but its owner may read.
        func secret(_ name: String) throws -> String {
            let path = try text(name)
            let attributes = try? FileManager.default.attributesOfItem(atPath: path)
            guard let mode = attributes?[.posixPermissions] as? Int,
                let data = FileManager.default.contents(atPath: path)
            else { throw problem(name, "can't be read") }
            guard mode & 0o077 == 0 else { throw problem(name, "must be for its owner alone: chmod 600 \(path)") }
            let line = String(decoding: data, as: UTF8.self).prefix { !$0.isNewline }
            guard !line.isEmpty else { throw problem(name, "is empty") }
            return String(line)
        }
    }
}
