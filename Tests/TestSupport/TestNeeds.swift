import Glibc
package import Testing

extension Tag {
    /// The test needs a container engine, or a TorchServe that runs in one.
    @Tag package static var engine: Self
    /// The test needs root.
    @Tag package static var root: Self
    /// The test takes ten seconds or more: it repeats something very often. `make test-quick` leaves it out.
    @Tag package static var long: Self
}

/// Looks at the tags of a test before it runs. A test whose tag stands in `AILAB_TEST_WITHOUT` is left out, and the run says so. A test
/// whose need is not met otherwise fails: nothing is skipped in silence.
package struct NeedsOfTags: SuiteTrait, TestTrait {
    /// The variable with the tags to leave out, separated by spaces. `make test-quick` sets it to `engine root time`.
    package static let variable = "AILAB_TEST_WITHOUT"

    package var isRecursive: Bool { true }

    package func prepare(for test: Test) async throws {
        let without = (getenv(Self.variable).map { String(cString: $0) } ?? "").split(separator: " ")
        let needs: [(tag: Tag, name: String, isMet: Bool, missing: (any Error)?)] = [
            (.engine, "engine", (try? RealEngine.endpoint()) != nil, EngineMissing()), (.root, "root", geteuid() == 0, RootMissing()),
            (.long, "time", true, nil),
        ]
        for need in needs where test.tags.contains(need.tag) {
            let isLeftOut = without.contains { $0 == need.name }
            try await ConditionTrait.disabled(if: isLeftOut, "needs \(need.name)").prepare(for: test)
            if !need.isMet, let missing = need.missing { throw missing }
        }
    }
}

extension Trait where Self == NeedsOfTags {
    /// Belongs beside `.tags(.engine)`, `.tags(.root)` and `.tags(.long)`: leaves the test out if that was asked for, and fails if the need is not met.
    package static var needsOfTags: Self { NeedsOfTags() }
}

/// Says how to run tests that need root.
package struct RootMissing: Error, CustomStringConvertible {
    package var description: String { "This test needs root. `\(NeedsOfTags.variable)=root make test` leaves such tests out." }
}
