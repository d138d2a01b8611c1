import ContainerEngine
import Foundation
package import LabRunner
import LabSupport

/// The real program, as the build left it beside the tests.
package struct Program: Sendable {
    /// What a call printed and how it ended.
    package struct Answer: Sendable {
        package var exitCode: Int
        package var output: [String]
        package var errors: [String]

        /// Standard output as journal events, for calls with `--json`.
        package var events: [Event] {
            output.compactMap { try? JSONDecoder().decode(Event.self, from: Data($0.utf8)) }
        }
    }

    private let environment: [String: String]

    /// `home` is the workspace; the engine is the one that the tests run against.
    package init(home: String, environment: [String: String] = [:]) throws {
        var all = ProcessInfo.processInfo.environment
        all["AILAB_HOME"] = home
        all["DOCKER_HOST"] = try RealEngine.endpoint().dockerHost
        all["AILAB_LANG"] = "en"
        self.environment = all.merging(environment) { _, own in own }
    }

    /// The checkout that the tests were built from.
    package static let checkout = URL(filePath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
        .deletingLastPathComponent().path

    /// The program's file.
    package static var path: String {
        Bundle.main.executableURL?.deletingLastPathComponent().appending(path: "ailab").path ?? "ailab"
    }

    /// Runs it to its end.
    package func run(_ arguments: [String], timeout: Duration = .seconds(120)) async throws -> Answer {
        let lines = Locked<[ChildLine]>([])
        let executable = FileManager.default.isExecutableFile(atPath: Self.path) ? Self.path : "\(Self.checkout)/.build/debug/ailab"
        let command = ChildCommand(executable, arguments, environment: environment, directory: Self.checkout, timeout: timeout)
        let result = try await ChildProcess.run(command) { line in lines.withLock { $0.append(line) } }
        let all = lines.withLock { $0 }
        return Answer(
            exitCode: result.exitCode, output: all.filter { $0.stream == .output }.map(\.text),
            errors: all.filter { $0.stream != .output }.map(\.text))
    }
}
