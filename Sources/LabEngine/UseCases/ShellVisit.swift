import ContainerEngine
package import HTTPTransport
import LabRunner

/// A person's visit to a container's shell: the connection, and what the owner of the terminal tells the container.
package struct ShellVisit: Sendable {
    package let connection: RawConnection
    /// True for a container that ran before: its shell draws its prompt again only if the terminal's size changes.
    package let isRunning: Bool
    private let docker: DockerClient
    package let container: String

    /// Connects to a container; nil if it has ended. `engine` is the address of its run's engine; nil: the first that answers.
    package static func open(container: String, engine: String? = nil, environment: [String: String]) async throws -> ShellVisit? {
        let docker = try await EngineFinder.reach(engine, http: CurlHTTPClient.shared, environment: environment)
        let state = try await docker.inspectContainer(container).state
        guard state.isRunning || state.status == .created else { return nil }
        // Before the start, or the first words would be lost.
        let connection = try await docker.attach(container)
        return ShellVisit(connection: connection, isRunning: state.isRunning, docker: docker, container: container)
    }

    /// Starts the container, unless it runs already. Call it once the terminal is ready.
    package func start() async throws {
        if !isRunning { try await docker.startContainer(container) }
    }

    /// Tells the container the terminal's size. Right after the start the engine may not know the container's terminal yet, so this tries
    /// again for a while.
    package func resize(columns: Int, rows: Int, redraws: Bool) async {
        for attempt in 0..<8 {
            guard !Task.isCancelled else { return }
            do {
                if redraws { try await docker.resizeContainer(container, columns: columns + 1, rows: rows) }
                try await docker.resizeContainer(container, columns: columns, rows: rows)
                return
            } catch {
                try? await Task.sleep(for: .milliseconds(20 << attempt))
            }
        }
    }

    /// Whether the container has ended. The connection ends a moment before the engine knows it.
    package func hasEnded() async -> Bool {
        for _ in 0..<20 {
            guard let state = try? await docker.containerIfPresent(container)?.state, state.isRunning else { return true }
            try? await Task.sleep(for: .milliseconds(100))
        }
        return false
    }
}
