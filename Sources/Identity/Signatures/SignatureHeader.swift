/// The `Authorization` header of a signed request.
///
/// `SDK-HMAC-SHA256 Access=…, SignedHeaders=a;b;c, Signature=…`, in any order, with any space around the commas.
struct SignatureHeader: Equatable {
    static let algorithm = "SDK-HMAC-SHA256"
    /// Clients sign some ten headers. Every name costs a search, and is paid for before the sender is known.
    static let namesMax = 64

    let accessKey: String
    /// As received: the order counts.
    let signedHeaders: String
    /// 64 lower-case hex digits.
    let signature: String

    /// - Returns: nil for another algorithm, a missing or repeated field, more than ``namesMax`` names, or a signature of
    ///   another form.
    init?(_ text: String) {
        let text = text.trimmingSpaces
        guard text.hasPrefix(Self.algorithm + " ") else { return nil }
        var fields: [String: String] = [:]
        for part in text.dropFirst(Self.algorithm.count).split(separator: ",") {
            let pair = part.split(separator: "=", maxSplits: 1, omittingEmptySubsequences: false)
            guard pair.count == 2 else { return nil }
            let name = pair[0].trimmingSpaces
            guard fields.updateValue(pair[1].trimmingSpaces, forKey: name) == nil else { return nil }
        }
        guard let accessKey = fields["Access"], !accessKey.isEmpty,
            let signedHeaders = fields["SignedHeaders"], !signedHeaders.isEmpty,
            signedHeaders.split(separator: ";").count <= Self.namesMax,
            let signature = fields["Signature"], signature.utf8.count == 64
        else { return nil }
        self.accessKey = accessKey
        self.signedHeaders = signedHeaders
        self.signature = signature
    }

    /// Names in lower case, in the order of signing.
    var names: [String] { signedHeaders.split(separator: ";").map { $0.lowercased() } }
}

extension StringProtocol {
    /// Without spaces and tabs at either end.
    var trimmingSpaces: String {
        var text = Substring(self)
        while let first = text.first, first == " " || first == "\t" { text.removeFirst() }
        while let last = text.last, last == " " || last == "\t" { text.removeLast() }
        return String(text)
    }
}
