import ContainerEngine
import HostFacts
import LabSupport

/// Compares the MTU of the engine's networks with that of the way out.
///
/// If the way out sends only smaller packets (a VPN, a cloud network, an engine inside another one), names resolve and small answers arrive,
/// but large ones may never do.
enum EngineMTU {
    static func look(_ scene: DoctorScene) async throws -> ProbeVerdict {
        guard try await scene.engineIsLocal() else { return .good(Text(en: "not on this machine", zh: "不在本机")) }
        guard let way = WayOut(root: scene.root) else { return .note(Text(en: "no default route", zh: "没有默认路由")) }
        let bridges = bridges(scene.root)
        guard let widest = bridges.max(by: { $0.packetSize < $1.packetSize }) else {
            return .good(Text(en: "the engine has no bridge yet", zh: "引擎还没有网桥"))
        }
        let measured = Text(
            en: "\(widest.name) has \(widest.packetSize), the way out (\(way.interface)) has \(way.packetSize)",
            zh: "\(widest.name) 为 \(widest.packetSize)，出口（\(way.interface)）为 \(way.packetSize)")
        guard widest.packetSize > way.packetSize else { return .good(measured) }
        // The answers may still fit, because many servers find out the path's MTU. `network.container` proves whether they do.
        return await scene.found("network-mtu", measured, fill: ["LINK_MTU": String(way.packetSize)])
    }

    /// The bridges of Docker's networks: docker0, and `br-` with the network's id.
    static func bridges(_ root: HostRoot) -> [(name: String, packetSize: Int)] {
        root.names(in: "/sys/class/net").compactMap { name in
            guard name == "docker0" || name.hasPrefix("br-"), root.exists("/sys/class/net/\(name)/bridge") else { return nil }
            return WayOut.packetSize(of: name, root: root).map { (name, $0) }
        }
    }
}
