import ContainerEngine
import HTTPTransport
package import LabRunner
package import LabSupport

/// Finds the engine, notices when it goes away, and finds it again. It doesn't poll an engine that works: it keeps the event stream open,
/// and the stream's end means that the engine is gone.
package struct EngineWatch: Sendable {
    /// What was found out last.
    package enum News: Sendable {
        case reachable(EngineConnected)
        case unreachable(LabError)
    }

    private let environment: @Sendable () -> [String: String]
    private static var pause: Duration { .seconds(3) }

    /// `environment` is asked for each attempt, because a cure may change which engine to use.
    package init(environment: @escaping @Sendable () -> [String: String]) { self.environment = environment }

    /// Watches until its task is cancelled.
    package func run(_ tell: (News) -> Void) async {
        while !Task.isCancelled {
            do {
                let found = try await EngineFinder.find(http: CurlHTTPClient.shared, environment: environment())
                if let error = RemoteEngine.error(found) { throw error }
                tell(.reachable(found.event))
                // No event has this kind, because only the end of the stream matters.
                for try await _ in try await found.docker.events(kinds: ["ailab"]) {}
            } catch is CancellationError {
                return
            } catch {
                if !Task.isCancelled { tell(.unreachable(LabError(describing: error))) }
            }
            try? await Task.sleep(for: Self.pause, tolerance: .milliseconds(500))
        }
    }
}
