import Foundation
import FuzzDecoders

typealias Arguments = UnsafeMutablePointer<UnsafeMutablePointer<CChar>?>

/// libFuzzer's loop, as its header FuzzerInterface.h declares it.
@_silgen_name("LLVMFuzzerRunDriver")
func runFuzzer(
    _ count: UnsafeMutablePointer<CInt>, _ arguments: UnsafeMutablePointer<Arguments>,
    _ callback: @convention(c) (UnsafePointer<UInt8>?, Int) -> CInt
) -> CInt

/// The entry of this executable, as the package manager calls it. With `HOLDFAST_CORPUS` set, it only writes the valid
/// samples there, where fuzzing begins; else it is libFuzzer with its usual arguments.
@_cdecl("Fuzz_main")
public func fuzzMain(_ count: CInt, _ arguments: UnsafeMutableRawPointer) -> CInt {
    if let folder = ProcessInfo.processInfo.environment["HOLDFAST_CORPUS"] { return writeSamples(to: folder) }
    var count = count
    var arguments = arguments.assumingMemoryBound(to: UnsafeMutablePointer<CChar>?.self)
    return runFuzzer(&count, &arguments) { fuzzOneInput($0, $1) }
}

/// The name that libFuzzer's own entry, which is linked in unused, looks for.
@_cdecl("LLVMFuzzerTestOneInput")
public func fuzzOneInput(_ start: UnsafePointer<UInt8>?, _ count: Int) -> CInt {
    decode(UnsafeBufferPointer(start: start, count: count))
    return 0
}

/// The first byte chooses the decoder.
private func decode(_ input: UnsafeBufferPointer<UInt8>) {
    guard let first = input.first else { return }
    let decoder = StoredDecoder.allCases[Int(first) % StoredDecoder.allCases.count]
    do { _ = try decoder.decode(Array(input.dropFirst())) } catch { preconditionFailure("\(decoder): \(error)") }
}

private func writeSamples(to folder: String) -> CInt {
    do {
        for (number, decoder) in StoredDecoder.allCases.enumerated() {
            for (index, sample) in try decoder.samples().enumerated() {
                try Data([UInt8(number)] + sample).write(to: URL(filePath: "\(folder)/\(decoder)-\(index)"))
            }
        }
        return 0
    } catch { return 1 }
}
