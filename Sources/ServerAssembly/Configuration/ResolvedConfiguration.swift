import Catalog
import Configuration
import Foundation
import SystemPackage
import Yams

/// Each setting's value, and where it came from.
public struct ResolvedConfiguration: Sendable {
    public struct Value: Sendable, Equatable {
        public let setting: Setting
        /// Nil when it is set nowhere and has no default.
        public let text: String?
        /// `flag`, `HOLDFAST_…`, the file's path, or `default`.
        public let source: String

        /// As it may be shown.
        public var shown: String {
            guard let text else { return "" }
            // A database's URL may hold a password; one that can't be read may too.
            if setting.kind == .database { return (try? PostgresTarget(url: text).description) ?? "********" }
            return setting.isSecret ? "********" : text
        }
    }

    public let values: [Value]

    /// Flags win over variables, and those over the file.
    ///
    /// - Parameters:
    ///   - flags: by key; what was not given is left out.
    ///   - environment: all of the process's variables.
    ///   - file: of the file that `--config` or `HOLDFAST_CONFIG` names.
    /// - Throws: ``ConfigurationError`` for an unknown key, a bad value, or a file that can't be read.
    public static func resolve(
        flags: [String: String], environment: [String: String], file: String?
    ) async throws -> ResolvedConfiguration {
        try checkVariables(environment)
        var layers: [(source: (Setting) -> String, reader: ConfigReader)] = [
            ({ _ in "flag" }, ConfigReader(provider: InMemoryProvider(values: inMemory(flags)))),
            (
                \.variable,
                ConfigReader(provider: EnvironmentVariablesProvider(environmentVariables: stripped(environment)))
            ),
        ]
        // The library takes a file without any key for a broken one.
        if let file, try checkFile(file) {
            do {
                let provider = try await FileProvider<YAMLSnapshot>(filePath: FilePath(file))
                layers.append(({ _ in file }, ConfigReader(provider: provider)))
            } catch { throw ConfigurationError(message: "the configuration file \(file) can't be read: \(error)") }
        }
        var values: [Value] = []
        for setting in Setting.all {
            let found = layers.lazy.compactMap { layer in
                Self.text(of: setting, in: layer.reader).map { ($0, layer.source(setting)) }
            }.first
            let value = Value(
                setting: setting, text: found?.0 ?? setting.standard, source: found?.1 ?? "default")
            try check(value)
            values.append(value)
        }
        return ResolvedConfiguration(values: values)
    }

    public subscript(setting: Setting) -> String? { values.first { $0.setting == setting }?.text }

    /// A list may stand as a list in the file, and is one text elsewhere.
    private static func text(of setting: Setting, in reader: ConfigReader) -> String? {
        let key = ConfigKey(setting.key)
        if let text = reader.string(forKey: key) { return text }
        guard setting.kind == .paths else { return nil }
        return reader.stringArray(forKey: key)?.joined(separator: ":")
    }

    private static func inMemory(_ flags: [String: String]) -> [AbsoluteConfigKey: ConfigValue] {
        var values: [AbsoluteConfigKey: ConfigValue] = [:]
        for (key, text) in flags {
            values[AbsoluteConfigKey(key.split(separator: ".").map(String.init))] = ConfigValue(
                .string(text), isSecret: false)
        }
        return values
    }

    private static func stripped(_ environment: [String: String]) -> [String: String] {
        var values: [String: String] = [:]
        for (name, text) in environment where name.hasPrefix(Setting.variablePrefix) {
            values[String(name.dropFirst(Setting.variablePrefix.count))] = text
        }
        return values
    }

    private static func checkVariables(_ environment: [String: String]) throws {
        let known = Set(Setting.all.map(\.variable)).union(Setting.otherVariables)
        for name in environment.keys.sorted() where name.hasPrefix(Setting.variablePrefix) && !known.contains(name) {
            throw ConfigurationError(message: "the variable \(name) is no setting; 'holdfast config show' lists them")
        }
    }

    /// The library reads what it is asked for, in the form it is asked for: that nothing else stands in the file is for
    /// us to see.
    ///
    /// - Returns: false when there is nothing in it.
    private static func checkFile(_ file: String) throws -> Bool {
        let node: Node?
        guard let data = FileManager.default.contents(atPath: file) else {
            throw ConfigurationError(message: "the configuration file \(file) is not there, or can't be read")
        }
        do { node = try compose(yaml: String(decoding: data, as: UTF8.self)) } catch {
            throw ConfigurationError(message: "the configuration file \(file) can't be read as YAML")
        }
        guard let node else { return false }
        guard let mapping = node.mapping else {
            throw ConfigurationError(message: "the configuration file \(file) must hold keys and values")
        }
        for (key, value) in values(of: mapping, below: "") {
            guard let setting = Setting.all.first(where: { $0.key == key }) else {
                throw ConfigurationError(
                    message: "the key '\(key)' in \(file) is no setting; 'holdfast config show' lists them")
            }
            guard value.sequence == nil || setting.kind == .paths else {
                throw ConfigurationError(message: "'\(key)' (from \(file)) must be one value, not a list")
            }
        }
        return !mapping.isEmpty
    }

    private static func values(of mapping: Node.Mapping, below path: String) -> [(key: String, value: Node)] {
        mapping.flatMap { key, value -> [(key: String, value: Node)] in
            let name = path + (key.string ?? "?")
            return value.mapping.map { values(of: $0, below: name + ".") } ?? [(name, value)]
        }
    }

    private static func check(_ value: Value) throws {
        guard let text = value.text else { return }
        let problem: String? =
            switch value.setting.kind {
            case .text: text.isEmpty ? "must not be empty" : nil
            case .path: text.isEmpty ? "must be a path" : nil
            case .address: ListenAddress(text) == nil ? "must be HOST:PORT with a port from 0 to 65535" : nil
            case .paths: paths(in: text).allSatisfy { $0.hasPrefix("/") } ? nil : "must hold absolute paths"
            case .integer(let range):
                Int(text).map(range.contains) == true
                    ? nil : "must be a whole number from \(range.lowerBound) to \(range.upperBound)"
            case .database:
                (try? PostgresTarget(url: text)) == nil ? "must be a URL such as postgres://user@host:port/name" : nil
            case .choice(let choices):
                choices.contains(text) ? nil : "must be one of \(choices.joined(separator: ", "))"
            }
        if let problem {
            throw ConfigurationError(
                message: "'\(value.setting.key)' (from \(value.source)) \(problem), not '\(value.shown)'")
        }
    }

    static func paths(in text: String) -> [String] { text.split(separator: ":").map(String.init) }
}

/// `HOST:PORT`; an IPv6 host stands in brackets.
struct ListenAddress: Equatable {
    let host: String
    let port: Int

    init?(_ text: String) {
        guard let colon = text.lastIndex(of: ":"), let port = Int(text[text.index(after: colon)...]),
            (0...65_535).contains(port)
        else { return nil }
        let host = text[..<colon]
        if host.hasPrefix("["), host.hasSuffix("]") {
            self.host = String(host.dropFirst().dropLast())
        } else {
            guard !host.isEmpty, !host.contains(":") else { return nil }
            self.host = String(host)
        }
        self.port = port
    }
}
