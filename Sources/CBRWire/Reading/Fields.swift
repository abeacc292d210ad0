/// The members of one JSON object, read by rules. Members that nobody asks for are ignored; `null` counts as absent.
public struct Fields: Sendable {
    /// Where the object is in the body; empty at the top.
    let path: String
    let members: [String: JSONValue]

    /// - Throws: ``FieldError`` unless the bytes are a JSON object.
    public init(parsing body: [UInt8]) throws(FieldError) {
        guard case .object(let members) = try JSONValue(parsing: body) else {
            throw FieldError(field: "body", rule: "must be a JSON object")
        }
        path = ""
        self.members = members
    }

    init(_ value: JSONValue, path: String) throws(FieldError) {
        guard case .object(let members) = value else {
            throw FieldError(field: path, rule: "must be an object, not \(value.kind)")
        }
        self.path = path
        self.members = members
    }

    public func field(_ name: String) -> String { path.isEmpty ? name : "\(path).\(name)" }

    func value(_ name: String) -> JSONValue? {
        guard let value = members[name], value != .null else { return nil }
        return value
    }

    public func has(_ name: String) -> Bool { value(name) != nil }

    // MARK: Optional members

    public func text(_ name: String, _ rule: TextRule = .any) throws(FieldError) -> String? {
        guard let value = value(name) else { return nil }
        guard case .text(let text) = value else { throw wrongType(name, "a string", value) }
        try rule.check(text, field: field(name))
        return text
    }

    public func flag(_ name: String) throws(FieldError) -> Bool? {
        guard let value = value(name) else { return nil }
        guard case .flag(let flag) = value else { throw wrongType(name, "true or false", value) }
        return flag
    }

    public func integer(_ name: String, in range: ClosedRange<Int64> = .min ... .max) throws(FieldError) -> Int64? {
        guard let value = value(name) else { return nil }
        guard let number = value.integer else { throw wrongType(name, "an integer", value) }
        guard range.contains(number) else {
            throw FieldError(field: field(name), rule: "must be from \(range.lowerBound) to \(range.upperBound)")
        }
        return number
    }

    /// Any number, with a fraction or without.
    public func number(_ name: String, in range: ClosedRange<Double>) throws(FieldError) -> Double? {
        let number: Double
        switch value(name) {
        case nil: return nil
        case .integer(let found)?: number = Double(found)
        case .number(let found)?: number = found
        case let found?: throw wrongType(name, "a number", found)
        }
        guard range.contains(number) else {
            throw FieldError(field: field(name), rule: "must be from \(range.lowerBound) to \(range.upperBound)")
        }
        return number
    }

    /// A value of an enumeration, by its raw text.
    public func choice<Choice: RawRepresentable & CaseIterable>(
        _ name: String, of type: Choice.Type = Choice.self
    ) throws(FieldError) -> Choice? where Choice.RawValue == String {
        guard let text = try text(name) else { return nil }
        guard let choice = Choice(rawValue: text) else {
            let known = Choice.allCases.map(\.rawValue).joined(separator: ", ")
            throw FieldError(field: field(name), rule: "must be one of \(known)")
        }
        return choice
    }

    public func object(_ name: String) throws(FieldError) -> Fields? {
        guard let value = value(name) else { return nil }
        return try Fields(value, path: field(name))
    }

    /// Objects in a list.
    public func objects<Item>(
        _ name: String, count: ClosedRange<Int> = 0...Int.max, _ read: (Fields) throws(FieldError) -> Item
    ) throws(FieldError) -> [Item]? {
        guard let values = try list(name, count: count) else { return nil }
        var items: [Item] = []
        for (index, value) in values.enumerated() {
            items.append(try read(Fields(value, path: "\(field(name))[\(index)]")))
        }
        return items
    }

    /// Strings in a list.
    public func texts(
        _ name: String, count: ClosedRange<Int> = 0...Int.max, _ rule: TextRule = .any
    ) throws(FieldError) -> [String]? {
        guard let values = try list(name, count: count) else { return nil }
        var texts: [String] = []
        for (index, value) in values.enumerated() {
            let place = "\(field(name))[\(index)]"
            guard case .text(let text) = value else {
                throw FieldError(field: place, rule: "must be a string, not \(value.kind)")
            }
            try rule.check(text, field: place)
            texts.append(text)
        }
        return texts
    }

    /// Integers in a list.
    public func integers(
        _ name: String, count: ClosedRange<Int> = 0...Int.max, in range: ClosedRange<Int64>
    ) throws(FieldError) -> [Int64]? {
        guard let values = try list(name, count: count) else { return nil }
        var numbers: [Int64] = []
        for (index, value) in values.enumerated() {
            let place = "\(field(name))[\(index)]"
            guard let number = value.integer else {
                throw FieldError(field: place, rule: "must be an integer, not \(value.kind)")
            }
            guard range.contains(number) else {
                throw FieldError(field: place, rule: "must be from \(range.lowerBound) to \(range.upperBound)")
            }
            numbers.append(number)
        }
        return numbers
    }

    // MARK: Required members

    public func require<Value>(_ name: String, _ value: Value?) throws(FieldError) -> Value {
        guard let value else { throw FieldError(field: field(name), rule: "is required") }
        return value
    }

    private func list(_ name: String, count: ClosedRange<Int>) throws(FieldError) -> [JSONValue]? {
        guard let value = value(name) else { return nil }
        guard case .list(let values) = value else { throw wrongType(name, "an array", value) }
        guard count.contains(values.count) else {
            let rule =
                values.count < count.lowerBound
                ? "must have at least \(count.lowerBound) items" : "must have at most \(count.upperBound) items"
            throw FieldError(field: field(name), rule: rule)
        }
        return values
    }

    private func wrongType(_ name: String, _ wanted: String, _ found: JSONValue) -> FieldError {
        FieldError(field: field(name), rule: "must be \(wanted), not \(found.kind)")
    }
}
