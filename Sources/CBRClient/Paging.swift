import Foundation

/// One page of a list.
protocol Page: Decodable, Sendable {
    associatedtype Item: Decodable & Sendable
    var items: [Item] { get }
}

extension ServiceClient {
    private static let pageItemsMax = 1000

    /// Reads a list to its end. The JSON of the reply is that of one answer holding all items, in the service's spelling.
    ///
    /// - Parameter key: the answer's member that holds the items.
    func allPages<Content: Page>(
        _ path: [String], in area: Area = .cbr, query: [(String, String)] = [], key: String, as: Content.Type,
        attempted: String
    ) async throws -> Reply<[Content.Item]> {
        var items: [Content.Item] = []
        var bodies: [Data] = []
        while true {
            let place = [("limit", "\(Self.pageItemsMax)"), ("offset", "\(items.count)")]
            let page = try await call(
                .get, path, in: area, query: query + place, as: Content.self, attempted: attempted)
            items += page.value.items
            bodies.append(page.json)
            guard page.value.items.count == Self.pageItemsMax else { break }
        }
        return Reply(value: items, json: try Self.joined(bodies, key: key))
    }

    /// Most lists are one page, which is passed on untouched.
    private static func joined(_ bodies: [Data], key: String) throws -> Data {
        guard bodies.count > 1 else { return bodies.first ?? Data() }
        var all: [Any] = []
        var whole: [String: Any] = [:]
        for body in bodies {
            guard let page = try JSONSerialization.jsonObject(with: body) as? [String: Any] else { continue }
            all += page[key] as? [Any] ?? []
            if whole.isEmpty { whole = page }
        }
        whole[key] = all
        return try JSONSerialization.data(withJSONObject: whole, options: [.sortedKeys])
    }

    /// A query in the interface's spelling, without what is nil.
    static func query(_ pairs: (name: String, value: String?)...) -> [(String, String)] {
        pairs.compactMap { pair in pair.value.map { (WireKeys.wireName(pair.name), $0) } }
    }
}

extension Reply {
    func map<Other: Sendable>(_ transform: (Value) throws -> Other) rethrows -> Reply<Other> {
        Reply<Other>(value: try transform(value), json: json)
    }
}
