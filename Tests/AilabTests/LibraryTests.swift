import LabSupport
import TestSupport
import Testing

/// A machine on which libcurl cannot be loaded: the loader finds files of its names that are no libraries first.
@Suite("Without libcurl", .tags(.engine), .needsOfTags) struct LibraryTests {
    private static func with(_ body: (CommandLineFixture, [String: String]) async throws -> Void) async throws {
        try await CommandLineFixture.with("library") { fixture in
            let folder = try TemporaryDirectory()
            for name in ["libcurl.so.4", "libcurl-gnutls.so.4"] { try Files.write([], to: "\(folder.path)/\(name)") }
            try await body(fixture, ["LD_LIBRARY_PATH": folder.path])
        }
    }

    @Test("what needs no request works") func unaffected() async throws {
        try await Self.with { fixture, without in
            for arguments in [["--help"], ["--version"], ["list"], ["top", "--once"]] {
                let outcome = try await fixture.run(arguments, without)
                #expect(outcome.code == 0, "\(arguments): \(outcome.output)\(outcome.error)")
            }
        }
    }

    @Test("a request says what is missing, why, and the command that installs it") func request() async throws {
        try await Self.with { fixture, without in
            for arguments in [["engine", "status"], ["step", "1.2"], ["verify"]] {
                let outcome = try await fixture.run(arguments, without)
                let said = outcome.output + outcome.error
                #expect(outcome.code == 3, "\(arguments): \(said)")
                #expect(said.contains("libcurl") && said.contains("libcurl.so.4: file too short"), "\(arguments): \(said)")
                #expect(said.contains("apt-get install -y libcurl4"), "\(arguments): \(said)")
            }
            let chinese = try await fixture.run(["engine", "status"], without.merging(["AILAB_LANG": "zh"]) { first, _ in first })
            #expect(chinese.error.contains("无法加载 libcurl"), "\(chinese.error)")
        }
    }

    @Test("the doctor names it, and hides what builds on it") func doctor() async throws {
        try await Self.with { fixture, without in
            let outcome = try await fixture.run(["doctor", "--lab", "mini", "--only", "transport", "--only", "engine"], without)
            #expect(outcome.code == 1)
            #expect(outcome.output.contains("✘ problem  transport.library"), "\(outcome.output)")
            #expect(outcome.output.contains("install -y libcurl4"), "\(outcome.output)")
            #expect(outcome.output.contains("– skipped  engine.socket"), "\(outcome.output)")
        }
    }
}
