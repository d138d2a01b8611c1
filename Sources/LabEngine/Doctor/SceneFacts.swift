import ContainerEngine
import Diagnosis
import HTTPTransport
import HostFacts
import LabSupport

/// Facts that several probes need. The first probe that asks gathers a fact, and nobody gathers it again.
final class SceneFacts: Sendable {
    let network: HostNetwork
    let host: Once<HostFacts>
    let search: Once<EngineSearch>
    let docker: Once<DockerClient>
    let info: Once<EngineInfo>
    let containers: Once<[ContainerSummary]>
    let images: Once<[ImageSummary]>
    /// Whether the three servers of all downloads are reachable.
    let hub: Once<Reach>
    let packages: Once<Reach>
    let index: Once<Reach>

    /// The facts that the cures' commands depend on.
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
                throw search.failure ?? LabError(.engineMissing, Text(en: "No engine responds.", zh: "没有引擎响应。"))
            }
            return DockerClient(http: http, endpoint: found.endpoint, ping: found.ping)
        }
        self.host = host
        self.search = search
        self.docker = docker
        let info = Once { try await docker.value().info() }
        self.info = info
        remedies = Once {
            // There are cures even if no engine responds, so don't wait long for one.
            let engine = await Deadline.value(.seconds(2)) {
                EngineKind(ping: try await docker.value().ping, info: try await info.value())
            }
            let isPrivate = engine == nil ? false : (try? await search.value().found?.origin) == .ailab
            return RemedyFacts.read(environment: environment, engine: engine, isPrivate: isPrivate, root: root)
        }
        containers = Once { try await docker.value().listContainers(all: true, allPorts: true) }
        images = Once { try await docker.value().listImages() }
    }
}
