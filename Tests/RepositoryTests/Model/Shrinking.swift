/// Finds a short part of a failing sequence that still fails: takes out runs of steps, from half of them down to one, as
/// long as that helps (Zeller, Hildebrandt, "Simplifying and isolating failure-inducing input", 2002).
func shrunk<Step>(_ steps: [Step], fails: ([Step]) -> Bool) -> [Step] {
    var steps = steps
    var length = max(1, steps.count / 2)
    while true {
        var start = 0
        var hasHelped = false
        while start < steps.count {
            var shorter = steps
            shorter.removeSubrange(start..<min(start + length, steps.count))
            if fails(shorter) {
                steps = shorter
                hasHelped = true
            } else {
                start += length
            }
        }
        if length == 1 && !hasHelped { return steps }
        if !hasHelped { length = max(1, length / 2) }
    }
}
