import LabEngine
import TestSupport
import Testing

/// A machine on which libcurl cannot be loaded: the loader finds files of its names that are no libraries first.
@Suite("Without libcurl") struct LibraryTests {
    private static func with(_ body: (CommandLineFixture, [String: String]) async throws -> Void) async throws {
        try await CommandLineFixture.with("library") { fixture in
            let folder = try TemporaryFolder()
            for name in ["libcurl.so.4", "libcurl-gnutls.so.4"] { try Files.write([], to: "\(folder.path)/\(name)") }
            try await body(fixture, ["LD_LIBRARY_PATH": folder.path])
        }
    }

    @Test("what asks nobody works, and so does an engine at its socket") func unaffected() async throws {
        try await Self.with { fixture, without in
            for arguments in [
                ["--help"], ["--version"], ["list"], ["top", "--once"], ["engine", "status"], ["step", "1.2"], ["verify", "1.2"],
            ] {
                let outcome = try await fixture.run(arguments, without)
                #expect(outcome.code == 0, "\(arguments): \(outcome.output)\(outcome.error)")
            }
        }
    }

    @Test("what needs it says what is missing, why, and the command that installs it") func missing() async throws {
        try await Self.with { fixture, without in
            let elsewhere = without.merging(["DOCKER_HOST": "tcp://127.0.0.1:9"]) { _, new in new }
            for (arguments, environment) in [(["step", "1.1"], without), (["engine", "status"], elsewhere), (["verify"], elsewhere)] {
                let outcome = try await fixture.run(arguments, environment)
                let said = outcome.output + outcome.error
                #expect(outcome.code == 3, "\(arguments): \(said)")
                #expect(said.contains("libcurl.so.4: file too short"), "\(arguments): \(said)")
                #expect(said.contains("install -y libcurl4"), "\(arguments): \(said)")
            }
            let chinese = try await fixture.run(["engine", "status"], elsewhere.merging(["AILAB_LANG": "zh"]) { _, new in new })
            #expect(chinese.code == 3 && chinese.error.contains("无法加载 libcurl"), "\(chinese.error)")
        }
    }

    @Test("the doctor names it with its cure, and what it blocks") func doctor() async throws {
        try await Self.with { fixture, without in
            let outcome = try await fixture.run(["doctor", "--lab", "mini", "--only", "transport", "--only", "engine"], without)
            #expect(outcome.code == 1)
            #expect(outcome.output.contains("✘ problem  transport.library"), "\(outcome.output)")
            #expect(outcome.output.contains("transport.library: blocks 1.1, 1.7"), "\(outcome.output)")
            #expect(outcome.output.contains("install -y libcurl4"), "\(outcome.output)")
            #expect(outcome.output.contains("✔ good     engine.socket"), "\(outcome.output)")
        }
    }
}
