import Catalog
public import HoldfastCore

/// What to add to an agent's paths.
public struct AgentPathsDraft: Sendable {
    public struct Exclusion: Sendable {
        /// A path of the agent, or one that is added by the same call.
        public var place: String
        public var excluded: [String]

        public init(place: String, excluded: [String]) {
            self.place = place
            self.excluded = excluded
        }
    }

    public var places: [String]
    /// Replaces what was excluded below each of the places it names.
    public var exclusions: [Exclusion]

    public init(places: [String], exclusions: [Exclusion] = []) {
        self.places = places
        self.exclusions = exclusions
    }
}

extension ControlPlane {
    public static let pathsPerAgentMax = 64

    /// - Returns: what was not there before, and what was; each place once, in the order given.
    public func addPaths(
        _ draft: AgentPathsDraft, to id: AgentID, by caller: Caller
    ) async throws -> (added: [String], existed: [String]) {
        try caller.mustWrite()
        let seams = seams
        return try await write { transaction in
            let agent = try transaction.agent(id, in: caller.project)
            var known = try transaction.agents.paths(of: agent.id, in: agent.project).map(\.place)
            var (added, existed): ([String], [String]) = ([], [])
            for place in draft.places.withoutRepetition {
                if known.contains(place) { existed.append(place) } else { added.append(place) }
            }
            guard known.count + added.count <= Self.pathsPerAgentMax else {
                throw ControlError(
                    code: .agentPathLimit,
                    message: "an agent has at most \(Self.pathsPerAgentMax) paths, and this would make "
                        + "\(known.count + added.count)", facts: ["agent.id": id.text])
            }
            for place in added {
                let path = AgentPath(
                    id: Identifier<AgentPath>.randomDashed(seams.randomBytes).text, place: place, excluded: [])
                try transaction.agents.insert(path, position: known.count, of: agent.id, in: agent.project)
                known.append(place)
            }
            for exclusion in draft.exclusions {
                guard known.contains(exclusion.place) else {
                    throw ControlError.invalid(
                        "exclude_path", "names '\(exclusion.place)', which is not a path of the agent")
                }
                try transaction.agents.setExcluded(
                    exclusion.excluded.withoutRepetition, of: exclusion.place, agent: agent.id, in: agent.project)
            }
            return (added, existed)
        }
    }

    /// - Returns: what was there and is gone, and what was not there; each place once, in the order given.
    public func removePaths(
        _ places: [String], from id: AgentID, by caller: Caller
    ) async throws -> (removed: [String], missing: [String]) {
        try caller.mustWrite()
        return try await write { transaction in
            let agent = try transaction.agent(id, in: caller.project)
            var (removed, missing): ([String], [String]) = ([], [])
            for place in places.withoutRepetition {
                let wasThere = try transaction.agents.deletePath(place, of: agent.id, in: agent.project)
                if wasThere { removed.append(place) } else { missing.append(place) }
            }
            return (removed, missing)
        }
    }
}

extension [String] {
    fileprivate var withoutRepetition: [String] {
        var seen: Set<String> = []
        return filter { seen.insert($0).inserted }
    }
}
