/// Writes `Encodable` values into a ``JSONText``, members in the order in which the value names them.
struct JSONTextEncoder: Encoder {
    let text: JSONText
    /// Whether names get underscores. Those of dictionaries are data and stay.
    let converts: Bool
    var codingPath: [any CodingKey] { [] }
    var userInfo: [CodingUserInfoKey: Any] { [:] }

    func container<Key: CodingKey>(keyedBy type: Key.Type) -> KeyedEncodingContainer<Key> {
        KeyedEncodingContainer(KeyedMembers<Key>(encoder: self, depth: text.beginObject()))
    }

    func unkeyedContainer() -> any UnkeyedEncodingContainer { ListedElements(encoder: self, depth: text.beginList()) }

    func singleValueContainer() -> any SingleValueEncodingContainer { SingleValue(encoder: self) }

    /// Writes one whole value, and closes what it opened.
    func write<Value: Encodable>(_ value: Value) throws {
        // The common ones first: each conversion below costs a look at the type.
        if let value = value as? String { return text.string(value) }
        let depth = text.depth
        let length = text.bytes.count
        if let dictionary = value as? any NamedValues {
            try dictionary.write(with: self)
        } else {
            try value.encode(to: self)
        }
        if text.bytes.count == length { _ = text.beginObject() }
        text.close(to: depth)
    }

    func write(_ value: Double) throws {
        guard value.isFinite else {
            throw EncodingError.invalidValue(
                value, .init(codingPath: [], debugDescription: "JSON has no text for \(value)"))
        }
        text.number(value)
    }
}

/// Dictionaries by name: their names are data, written as they are and in order.
private protocol NamedValues {
    func write(with encoder: JSONTextEncoder) throws
}

extension Dictionary: NamedValues where Key == String, Value: Encodable {
    fileprivate func write(with encoder: JSONTextEncoder) throws {
        let depth = encoder.text.beginObject()
        for (name, value) in sorted(by: { $0.key < $1.key }) {
            encoder.text.key(name, depth: depth, converts: false)
            try encoder.write(value)
        }
    }
}

private struct KeyedMembers<Key: CodingKey>: KeyedEncodingContainerProtocol {
    let encoder: JSONTextEncoder
    let depth: Int
    var codingPath: [any CodingKey] { [] }

    private func name(_ key: some CodingKey) {
        encoder.text.key(key.stringValue, depth: depth, converts: encoder.converts)
    }

    mutating func encodeNil(forKey key: Key) {
        name(key)
        encoder.text.null()
    }
    mutating func encode(_ value: Bool, forKey key: Key) {
        name(key)
        encoder.text.boolean(value)
    }
    mutating func encode(_ value: String, forKey key: Key) {
        name(key)
        encoder.text.string(value)
    }
    mutating func encode(_ value: Int, forKey key: Key) {
        name(key)
        encoder.text.integer(value)
    }
    mutating func encode(_ value: Int64, forKey key: Key) {
        name(key)
        encoder.text.integer(value)
    }
    mutating func encode(_ value: Double, forKey key: Key) throws {
        name(key)
        try encoder.write(value)
    }
    mutating func encode(_ value: some Encodable, forKey key: Key) throws {
        name(key)
        try encoder.write(value)
    }
    mutating func nestedContainer<Nested: CodingKey>(
        keyedBy type: Nested.Type, forKey key: Key
    ) -> KeyedEncodingContainer<Nested> {
        name(key)
        return encoder.container(keyedBy: type)
    }
    mutating func nestedUnkeyedContainer(forKey key: Key) -> any UnkeyedEncodingContainer {
        name(key)
        return encoder.unkeyedContainer()
    }
    mutating func superEncoder() -> any Encoder {
        encoder.text.key("super", depth: depth, converts: false)
        return encoder
    }
    mutating func superEncoder(forKey key: Key) -> any Encoder {
        name(key)
        return encoder
    }
}

private struct ListedElements: UnkeyedEncodingContainer {
    let encoder: JSONTextEncoder
    let depth: Int
    private(set) var count = 0
    var codingPath: [any CodingKey] { [] }

    private mutating func next() {
        encoder.text.element(depth: depth)
        count += 1
    }

    mutating func encodeNil() {
        next()
        encoder.text.null()
    }
    mutating func encode(_ value: some Encodable) throws {
        next()
        try encoder.write(value)
    }
    mutating func nestedContainer<Nested: CodingKey>(keyedBy type: Nested.Type) -> KeyedEncodingContainer<Nested> {
        next()
        return encoder.container(keyedBy: type)
    }
    mutating func nestedUnkeyedContainer() -> any UnkeyedEncodingContainer {
        next()
        return encoder.unkeyedContainer()
    }
    mutating func superEncoder() -> any Encoder {
        next()
        return encoder
    }
}

private struct SingleValue: SingleValueEncodingContainer {
    let encoder: JSONTextEncoder
    var codingPath: [any CodingKey] { [] }

    mutating func encodeNil() { encoder.text.null() }
    mutating func encode(_ value: Bool) { encoder.text.boolean(value) }
    mutating func encode(_ value: String) { encoder.text.string(value) }
    mutating func encode(_ value: Double) throws { try encoder.write(value) }
    mutating func encode(_ value: Float) throws { try encoder.write(Double(value)) }
    mutating func encode(_ value: Int) { encoder.text.integer(value) }
    mutating func encode(_ value: Int8) { encoder.text.integer(value) }
    mutating func encode(_ value: Int16) { encoder.text.integer(value) }
    mutating func encode(_ value: Int32) { encoder.text.integer(value) }
    mutating func encode(_ value: Int64) { encoder.text.integer(value) }
    mutating func encode(_ value: UInt) { encoder.text.integer(value) }
    mutating func encode(_ value: UInt8) { encoder.text.integer(value) }
    mutating func encode(_ value: UInt16) { encoder.text.integer(value) }
    mutating func encode(_ value: UInt32) { encoder.text.integer(value) }
    mutating func encode(_ value: UInt64) { encoder.text.integer(value) }
    mutating func encode(_ value: some Encodable) throws { try encoder.write(value) }
}
