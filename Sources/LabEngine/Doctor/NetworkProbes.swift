import ContainerEngine
import Diagnosis
import HostFacts
import LabFile
import LabRunner
import LabSupport

/// Whether the sources of images and packages are reachable.
enum NetworkProbes {
    /// The causes that a download from a server can have.
    static let failures = [
        "dns-failure", "network-timeout", "network-unreachable", "network-reset", "tls-untrusted", "proxy-misconfigured", "http-forbidden",
        "service-unreachable",
    ]

    static let all: [Probe] = [
        Probe(
            "network.settings", Text(en: "Proxy, mirrors, certificate authorities", zh: "代理、镜像源与证书颁发机构"),
            causes: ["proxy-misconfigured", "tls-untrusted"], look: settings),
        Probe(
            "network.packages", Text(en: "Debian packages", zh: "Debian 软件包"), needs: ["transport.library"], timeout: .seconds(12),
            causes: failures, look: packages),
        Probe(
            "network.index", Text(en: "Python packages", zh: "Python 软件包"), needs: ["transport.library"], timeout: .seconds(12),
            causes: failures, look: index),
        Probe(
            "network.registry", Text(en: "The lab's images", zh: "实验所需镜像"), needs: ["transport.library"], timeout: .seconds(20),
            causes: failures + ["registry-rate-limit", "image-not-found", "image-access-denied"], look: RegistryProbe.look),
        Probe(
            "network.container", Text(en: "Downloads inside a container", zh: "容器内的下载"), needs: ["engine.socket", "transport.library"],
            timeout: .seconds(45), causes: ContainerReach.causes, look: ContainerReach.look),
        Probe(
            "host.clock", Text(en: "Clock", zh: "时钟"), needs: ["transport.library"], timeout: .seconds(12), causes: ["clock-skew"],
            look: clock),
    ]

    private static func settings(_ scene: DoctorScene) async throws -> ProbeVerdict {
        let network = scene.network
        let loopback = network.proxies.filter(\.pointsAtLoopback)
        if let proxy = loopback.first {
            return await scene.found("proxy-misconfigured", proxy.notice, evidence: loopback.map(\.notice))
        }
        if let problem = network.problems.first {
            return await scene.found(
                network.authorities == nil ? "tls-untrusted" : "proxy-misconfigured", problem, evidence: network.problems)
        }
        guard !network.notices.isEmpty else { return .good(Text(en: "no special settings", zh: "没有特殊设置")) }
        return .note(.list(network.notices.map { Text(en: $0.en.withoutStop, zh: $0.zh.withoutStop) }))
    }

    private static func packages(_ scene: DoctorScene) async throws -> ProbeVerdict {
        let place = scene.places.packages
        let reach = try await scene.facts.packages.value()
        let host = ReachAsker.host(of: place)
        guard let cause = reach.cause else { return .good(Text(en: "\(host) is reachable", zh: "\(host) 可访问")) }
        let needed = try await MissingImages(scene)
        // Stand-in images are made of packages. They're needed only if the registry isn't reachable.
        let hub = try await scene.facts.hub.value()
        let images = hub.cause == nil ? [] : needed.images.map { LabConcern.image($0.name) }
        return await unreachable(scene, cause, host, reach, concerns: needed.builds.map { .build($0) } + images)
    }

    private static func index(_ scene: DoctorScene) async throws -> ProbeVerdict {
        let reach = try await scene.facts.index.value()
        let host = ReachAsker.host(of: scene.places.index)
        guard let cause = reach.cause else { return .good(Text(en: "\(host) is reachable", zh: "\(host) 可访问")) }
        return await unreachable(scene, cause, host, reach, concerns: try await MissingImages(scene).builds.map { .build($0) })
    }

    /// If everything is built already, an unreachable server is only a note.
    private static func unreachable(
        _ scene: DoctorScene, _ cause: String, _ host: String, _ reach: Reach, concerns: [LabConcern]
    ) async -> ProbeVerdict {
        let title = SymptomLoader.builtIn[cause]?.title ?? Text(verbatim: cause)
        let measured = Text(verbatim: "\(host): ").joined(title)
        guard !concerns.isEmpty else {
            return .note(measured.joined(Text(en: "; the lab no longer needs it", zh: "；实验已不再需要它")))
        }
        let evidence = [measured, Text(verbatim: reach.detail)]
        return await scene.found(cause, measured, evidence: evidence, concerns: concerns, fill: ["HOST": host])
    }

    /// Seconds. With a larger difference, programs reject certificates and package lists, or files seem to come from the future.
    private static let maximumSkew = 120.0

    private static func clock(_ scene: DoctorScene) async throws -> ProbeVerdict {
        for (place, fact) in [
            (scene.places.index, scene.facts.index), (scene.places.packages, scene.facts.packages), (scene.places.hub, scene.facts.hub),
        ] {
            guard case .answered(_, let theirs?, let ours, _) = try await fact.value() else { continue }
            return await judge(scene, ours - theirs, ReachAsker.host(of: place))
        }
        return .note(Text(en: "can't check: no server responds", zh: "无法检查：没有服务器响应"))
    }

    private static func judge(_ scene: DoctorScene, _ skew: Double, _ host: String) async -> ProbeVerdict {
        let seconds = Int(shown: abs(skew))
        guard abs(skew) > maximumSkew else {
            return .good(Text(en: "within \(max(1, seconds)) s of \(host)", zh: "与 \(host) 相差不超过 \(max(1, seconds)) 秒"))
        }
        let measured = Text(
            en: "\(seconds) s \(skew < 0 ? "behind" : "ahead of") \(host)", zh: "比 \(host) \(skew < 0 ? "慢" : "快") \(seconds) 秒")
        let builds = scene.concerns?.builds.map { LabConcern.build($0) } ?? []
        return await scene.found("clock-skew", measured, concerns: builds)
    }
}

extension String {
    fileprivate var withoutStop: String { hasSuffix(".") || hasSuffix("。") ? String(dropLast()) : self }
}
