import ContainerEngine
import HTTPTransport
import LabRunner
import LabSupport

/// Finds the engine, notices when it goes away, and finds it again. It doesn't poll an engine that works: it keeps the event stream open,
/// and the stream's end means that the engine is gone.
struct EngineWatch: Sendable {
    /// It's read for each attempt, because a cure may change which engine to use.
    private let surroundings: Locked<[String: String]>
    private static var pause: Duration { .seconds(3) }

    init(_ surroundings: Locked<[String: String]>) { self.surroundings = surroundings }

    func run(_ send: Services.Send) async {
        while !Task.isCancelled {
            let environment = surroundings.withLock { $0 }
            do {
                let found = try await EngineFinder.find(http: CurlHTTPClient.shared, environment: environment)
                send(.engine(.reachable(found.event)))
                // No event has this kind, because only the end of the stream matters.
                for try await _ in try await found.docker.events(kinds: ["ailab"]) {}
            } catch is CancellationError {
                return
            } catch {
                if !Task.isCancelled { send(.engine(.unreachable(LabError(describing: error)))) }
            }
            try? await Task.sleep(for: Self.pause, tolerance: .milliseconds(500))
        }
    }
}
