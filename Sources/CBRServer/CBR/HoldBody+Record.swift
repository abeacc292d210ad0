import CBRWire
import Catalog

extension HoldBody {
    init(_ hold: BackupRecord.Hold?) {
        guard let hold else {
            self.init()
            return
        }
        self.init(reason: hold.reason, since: WireTime.microseconds(hold.since.microseconds))
    }
}
