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

    /// The variables of every call.
    package let environment: [String: String]

    /// `home` is the workspace. The engine is the one that the tests run against; without one, none answers.
    package init(home: String, environment: [String: String] = [:]) throws {
        var all = ProcessInfo.processInfo.environment
        all["AILAB_HOME"] = home
        all["DOCKER_HOST"] = (try? RealEngine.endpoint().dockerHost) ?? "unix:///nonexistent/docker.sock"
        all["AILAB_LANG"] = "en"
        self.environment = all.merging(environment) { _, own in own }
    }

    /// The checkout that the tests were built from.
    package static let checkout = URL(filePath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
        .deletingLastPathComponent().path

    /// The program's file: the build puts it beside the tests.
    package static let path = ((Files.link("/proc/self/exe") ?? "") as NSString).deletingLastPathComponent + "/ailab"

    /// Runs it to its end.
    package func run(_ arguments: [String], timeout: Duration = .seconds(120)) async throws -> Answer {
        let lines = Locked<[ChildLine]>([])
        let command = ChildCommand(Self.path, arguments, environment: environment, directory: Self.checkout, timeout: timeout)
        let result = try await ChildProcess.run(command) { line in lines.withLock { $0.append(line) } }
        let all = lines.withLock { $0 }
        return Answer(
            exitCode: result.exitCode, output: all.filter { $0.stream == .output }.map(\.text),
            errors: all.filter { $0.stream != .output }.map(\.text))
    }
}
