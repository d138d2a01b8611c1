import Glibc
import Testing

/// Trials at moments that a seed chooses. Each has a seed of its own, so that one of them can be repeated alone.
package enum Trials {
    /// Runs trials one after the other, from `SplitMix.chosenSeed` on. `variable` sets how many. An error fails its trial and not the others.
    package static func run(_ name: String, _ variable: String, _ usual: Int, _ body: (UInt64, SplitMix) async throws -> Void) async throws
    {
        let count = getenv(variable).flatMap { Int(String(cString: $0)) } ?? usual
        let first = SplitMix.chosenSeed
        print("\(name): \(count) trials from AILAB_SEED=\(first)")
        for number in 0..<UInt64(max(0, count)) {
            let seed = first &+ number
            do {
                try await body(seed, SplitMix(seed: seed))
            } catch {
                Issue.record(error, "\(name): AILAB_SEED=\(seed)")
            }
        }
    }
}
