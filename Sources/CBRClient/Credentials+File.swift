import Foundation

extension Credentials {
    /// The file that `holdfast serve` writes at its first start, and any other of the same shape.
    private struct File: Decodable {
        let endpoint: String
        let iamEndpoint: String?
        let region: String?
        let domainName: String?
        let projectID: String
        let userName: String
        let password: String

        enum CodingKeys: String, CodingKey {
            case endpoint, region, password
            case iamEndpoint = "iam_endpoint"
            case domainName = "domain_name"
            case projectID = "project_id"
            case userName = "user_name"
        }
    }

    /// Reads a credentials file (JSON, at least `endpoint`, `project_id`, `user_name` and `password`).
    ///
    /// - Throws: ``ClientError`` `.credentialsInvalid`, naming the file and what is wrong with it.
    public static func read(file path: String) throws -> Credentials {
        let bytes: Data
        do {
            bytes = try Data(contentsOf: URL(fileURLWithPath: path))
        } catch {
            throw ClientError(.credentialsInvalid, "cannot read the credentials file '\(path)'", cause: error)
        }
        do {
            let file = try JSONDecoder().decode(File.self, from: bytes)
            let domain = Domain.name(file.domainName ?? "Default")
            let service = trimmed(file.endpoint)
            return Credentials(
                proof: .password(user: .name(file.userName, domain: domain), password: file.password),
                project: .id(file.projectID),
                identityURL: identityRoot(file.iamEndpoint ?? service),
                serviceURL: service,
                region: file.region)
        } catch let error as DecodingError {
            throw ClientError(
                .credentialsInvalid, "the credentials file '\(path)' \(DecodingProblem.sentence(error))", cause: error)
        }
    }

    /// Without slashes at the end.
    static func trimmed(_ url: String) -> String {
        var text = url[...]
        while text.hasSuffix("/") { text = text.dropLast() }
        return String(text)
    }

    /// The Identity v3 root of an address given with or without its `/v3`.
    static func identityRoot(_ url: String) -> String {
        let text = trimmed(url)
        return text.hasSuffix("/v3") ? text : text + "/v3"
    }
}
