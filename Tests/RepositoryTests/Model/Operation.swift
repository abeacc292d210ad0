import TestSupport

/// One step of a random run. Numbers choose among what is there, so that a step makes sense wherever it stands.
enum Operation: Sendable, CustomStringConvertible {
    case backUpTree(SmallTree, parent: Int?)
    case backUpImage([UInt64])
    case remove(Int)
    case prune(maxUnused: Double)
    case check
    /// Flips a byte of a pack or of the index, opens anew, repairs.
    case damage(object: Int, place: Int)
    case loseIndex
    case rebuildIndex
    case reopen
    case restore(Int)

    static func random(_ random: inout SeededGenerator, last: inout SmallTree) -> Operation {
        switch Int.random(in: 0..<30, using: &random) {
        case 0..<9:
            for _ in 0..<Int.random(in: 0...2, using: &random) { last.change(&random) }
            return .backUpTree(last, parent: Bool.random(using: &random) ? Int(random.next() % 100) : nil)
        case 9: return .backUpImage((0..<Int.random(in: 0...2, using: &random)).map { _ in random.next() % 3 })
        case 10..<15: return .remove(Int(random.next() % 100))
        case 15..<19: return .prune(maxUnused: [0, 0.05, 1].randomElement(using: &random) ?? 0)
        case 19, 20: return .check
        case 21, 22: return .damage(object: Int(random.next() % 1000), place: Int(random.next() % 1_000_000))
        case 23: return .loseIndex
        case 24: return .rebuildIndex
        case 25, 26: return .reopen
        default: return .restore(Int(random.next() % 100))
        }
    }

    var description: String {
        switch self {
        case .backUpTree(let tree, let parent):
            "backUpTree(\(tree.files.sorted { $0.key < $1.key }.map { "\($0.key)=\($0.value)" }), parent: \(parent ?? -1))"
        case .backUpImage(let seeds): "backUpImage(\(seeds))"
        case .remove(let number): "remove(\(number))"
        case .prune(let maxUnused): "prune(maxUnused: \(maxUnused))"
        case .check: "check"
        case .damage(let object, let place): "damage(object: \(object), place: \(place))"
        case .loseIndex: "loseIndex"
        case .rebuildIndex: "rebuildIndex"
        case .reopen: "reopen"
        case .restore(let number): "restore(\(number))"
        }
    }
}
