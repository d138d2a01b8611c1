import Glibc

/// Random numbers that can be had again from their seed.
package struct SplitMix: RandomNumberGenerator {
    private var state: UInt64

    package init(seed: UInt64) { state = seed }

    /// Numbers for the test `name`, from `chosenSeed`. Prints how to repeat them.
    package static func printed(for name: String) -> (seed: UInt64, numbers: SplitMix) {
        let seed = chosenSeed
        print("\(name): AILAB_SEED=\(seed) repeats it")
        return (seed, SplitMix(seed: seed))
    }

    /// The number in `AILAB_SEED`, or one by chance if it says `random`. Otherwise always the same, so that two runs of one commit test the same.
    package static var chosenSeed: UInt64 {
        guard let text = getenv("AILAB_SEED").map({ String(cString: $0) }) else { return 1 }
        return UInt64(text) ?? .random(in: 0...999_999)
    }

    package mutating func next() -> UInt64 {
        state &+= 0x9e37_79b9_7f4a_7c15
        var z = state
        z = (z ^ (z >> 30)) &* 0xbf58_476d_1ce4_e5b9
        z = (z ^ (z >> 27)) &* 0x94d0_49bb_1331_11eb
        return z ^ (z >> 31)
    }
}
