import Glibc

/// Trials at random moments. Each has a seed of its own, so that one of them can be repeated alone.
package enum Trials {
    /// Runs trials one after the other. `variable` sets how many; with `AILAB_SEED`, it's one unless the variable is set.
    package static func run(_ name: String, _ variable: String, _ usual: Int, _ body: (UInt64, SplitMix) async throws -> Void) async throws
    {
        let wanted = getenv("AILAB_SEED").flatMap { UInt64(String(cString: $0)) }
        let count = getenv(variable).flatMap { Int(String(cString: $0)) } ?? (wanted == nil ? usual : 1)
        let first = wanted ?? .random(in: 0...999_999)
        print("\(name): \(count) trials from AILAB_SEED=\(first)")
        for number in 0..<UInt64(max(0, count)) { try await body(first &+ number, SplitMix(seed: first &+ number)) }
    }
}
