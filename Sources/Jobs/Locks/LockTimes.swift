import Catalog
import Foundation
import Repository

/// Times of locks, as the catalog and as the repository have them.
extension KeepTime {
    init(_ instant: Instant) { self = instant == .never ? .forever : .until(instant.date) }
}

extension Instant {
    init(_ time: KeepTime) {
        switch time {
        case .forever: self = .never
        // Rounded: the date of a whole microsecond may lie a little before it.
        case .until(let date): self.init(microseconds: Int64((date.timeIntervalSince1970 * 1_000_000).rounded()))
        }
    }
}
