import ContainerEngine
import Diagnosis
import HTTPTransport
import HostFacts
import LabSupport

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
