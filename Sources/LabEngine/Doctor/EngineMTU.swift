import ContainerEngine
import HostFacts
import LabSupport

/// Compares the MTU of the engine's networks with that of the outgoing interface.
///
/// If the outgoing interface sends only smaller packets (a VPN, a cloud network, an engine inside another one), names resolve and small
/// answers arrive, but large ones may never do.
enum EngineMTU {
    /// The MTU of a network that doesn't name one: https://docs.docker.com/engine/network/drivers/bridge/
    private static let usual = 1500

    static func look(_ scene: DoctorScene) async throws -> ProbeVerdict {
        guard try await scene.engineIsLocal() else { return .good(Text(en: "not on this machine", zh: "不在本机")) }
        // The network program of a rootless engine (slirp4netns, pasta) opens the host's connections itself: the containers' packets don't go out.
        // https://github.com/rootless-containers/rootlesskit/blob/master/docs/network.md
        guard EngineKind(ping: try await scene.docker().ping, info: try await scene.info()).isRootless != true else {
            return .good(Text(en: "rootless: the host sends the packets", zh: "rootless 引擎：由主机发送数据包"))
        }
        guard let way = WayOut(root: scene.root) else { return .note(Text(en: "no default route", zh: "没有默认路由")) }
        // The bridge's own interface says nothing: it takes the MTU of its containers, and has the usual one while there are none.
        // Builds and the lab's containers use the default network. A person's other networks have their own settings.
        let networks = try await scene.docker().networks().filter { ["bridge", "podman"].contains($0.name) && $0.driver == "bridge" }
        let sizes = networks.map { (name: SafeLines.clean(text: $0.name), size: $0.packetSize ?? usual) }
        guard let widest = sizes.max(by: { $0.size < $1.size }) else {
            return .good(Text(en: "the engine has no bridge", zh: "引擎没有网桥"))
        }
        let measured = Text(
            en: "network `\(widest.name)`: \(widest.size), outgoing interface (\(way.interface)): \(way.packetSize)",
            zh: "网络 `\(widest.name)`：\(widest.size)，出口（\(way.interface)）：\(way.packetSize)")
        guard widest.size > way.packetSize else { return .good(measured) }
        // The answers may still fit, because many servers find out the path's MTU. `network.container` proves whether they do.
        return await scene.found("network-mtu", measured, fill: ["LINK_MTU": String(way.packetSize)])
    }
}
