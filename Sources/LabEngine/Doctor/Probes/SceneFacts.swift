/// Facts that several probes need, each gathered at most once, by whoever asks first.
final class SceneFacts: Sendable {
    let network: HostNetwork
    let host: Once<HostFacts>
    let search: Once<EngineSearch>
    let docker: Once<DockerClient>
    let info: Once<EngineInfo>
    let containers: Once<[ContainerSummary]>
    let images: Once<[ImageSummary]>
    /// How the three places answer that everything is downloaded from.
    let hub: Once<Reach>
    let packages: Once<Reach>
    let index: Once<Reach>

    /// What commands depend on.
    let remedies: Once<RemedyFacts>

    init(
        environment: [String: String], home: String, root: HostRoot, http: any HTTPClient, network: HostNetwork, discovery: EngineDiscovery,
        places: DoctorPlaces
    ) {
        self.network = network
        let asker = ReachAsker(http: http, network: network)
        hub = Once { await asker.ask(places.hub + "/v2/") }
        packages = Once { await asker.ask(places.packages + "/dists/stable/InRelease", method: "HEAD") }
        index = Once { await asker.ask(places.index + "/pip/", method: "HEAD") }
        let host = Once { await BlockingCall.run { HostFacts.read(folder: home, root: root) } }
        let search = Once { await discovery.search(http: http) }
        let docker = Once<DockerClient> {
            let search = try await search.value()
            guard let found = search.found else {
                throw search.failure ?? LabError("engine.missing", Text(en: "No engine answers.", zh: "没有引擎应答。"))
            }
            return DockerClient(http: http, endpoint: found.endpoint, ping: found.ping)
        }
        self.host = host
        self.search = search
        self.docker = docker
        let info = Once { try await docker.value().info() }
        self.info = info
        remedies = Once {
            // A machine without an engine that answers has cures, too.
            let engine = await Deadline.value(.seconds(2)) {
                EngineKind(ping: try await docker.value().ping, info: try await info.value())
            }
            let isPrivate = engine == nil ? false : (try? await search.value().found?.origin) == .ailab
            return RemedyFacts.read(environment: environment, engine: engine, isPrivate: isPrivate, root: root)
        }
        containers = Once { try await docker.value().listContainers(all: true) }
        images = Once { try await docker.value().listImages() }
    }
}

/// A value that is made by whoever asks first and waited for by the others.
final class Once<Value: Sendable>: Sendable {
    private let task = Locked<Task<Value, any Error>?>(nil)
    private let make: @Sendable () async throws -> Value

    init(_ make: @escaping @Sendable () async throws -> Value) { self.make = make }

    func value() async throws -> Value {
        let made = task.withLock { task in
            if let task { return task }
            let fresh = Task.detached { [make] in try await make() }
            task = fresh
            return fresh
        }
        return try await made.value
    }
}

/// System calls that may hang, as on the disk of a server that went away: a thread of the pool must not wait for them.
enum BlockingCall {
    static func run<Value: Sendable>(_ body: @escaping @Sendable () -> Value) async -> Value {
        await withCheckedContinuation { continuation in
            let thread = PosixThread.start { continuation.resume(returning: body()) }
            guard let thread else { return continuation.resume(returning: body()) }
            thread.detach()
        }
    }
}

/// Whichever comes first: the answer, or the end of the time. A loser that does not heed its cancellation is left behind.
enum Deadline {
    /// Nil where the time was up.
    static func run<Value: Sendable>(_ time: Duration, _ body: @escaping @Sendable () async throws -> Value) async throws -> Value? {
        let race = Locked<CheckedContinuation<Value?, any Error>?>(nil)
        let finish = { @Sendable (result: Result<Value?, any Error>) in
            race.withLock { waiting -> CheckedContinuation<Value?, any Error>? in
                defer { waiting = nil }
                return waiting
            }?.resume(with: result)
        }
        let timer = Locked<Task<Void, Never>?>(nil)
        defer { timer.withLock { $0?.cancel() } }
        return try await withCheckedThrowingContinuation { continuation in
            race.withLock { $0 = continuation }
            let work = Task.detached {
                do { finish(.success(try await body())) } catch { finish(.failure(error)) }
            }
            timer.withLock {
                $0 = Task.detached {
                    guard (try? await Task.sleep(for: time)) != nil else { return }
                    work.cancel()
                    finish(.success(nil))
                }
            }
        }
    }
}
