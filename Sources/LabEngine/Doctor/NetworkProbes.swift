import ContainerEngine
import Diagnosis
import HostFacts
import LabFile
import LabRunner
import LabSupport

/// Where images and packages come from, and whether they can.
enum NetworkProbes {
    private static let failures = [
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
        guard !network.notices.isEmpty else { return .good(Text(en: "nothing special", zh: "没有特殊设置")) }
        return .note(.list(network.notices.map { Text(en: $0.en.withoutStop, zh: $0.zh.withoutStop) }))
    }

    private static func packages(_ scene: DoctorScene) async throws -> ProbeVerdict {
        let place = scene.places.packages
        let reach = try await scene.facts.packages.value()
        let host = ReachAsker.host(of: place)
        guard let cause = reach.cause else { return .good(Text(en: "\(host) answers", zh: "\(host) 可访问")) }
        let needed = try await Missing(scene)
        // Stand-ins are made of packages: only where the registry serves are they not needed.
        let hub = try await scene.facts.hub.value()
        let images = hub.cause == nil ? [] : needed.images.map { LabConcern.image($0.name) }
        return await unreachable(scene, cause, host, reach, concerns: needed.builds.map { .build($0) } + images)
    }

    private static func index(_ scene: DoctorScene) async throws -> ProbeVerdict {
        let reach = try await scene.facts.index.value()
        let host = ReachAsker.host(of: scene.places.index)
        guard let cause = reach.cause else { return .good(Text(en: "\(host) answers", zh: "\(host) 可访问")) }
        return await unreachable(scene, cause, host, reach, concerns: try await Missing(scene).builds.map { .build($0) })
    }

    /// Where everything that would be built is there, a server that cannot be reached is no more than worth knowing.
    private static func unreachable(
        _ scene: DoctorScene, _ cause: String, _ host: String, _ reach: Reach, concerns: [LabConcern]
    ) async -> ProbeVerdict {
        let title = SymptomLoader.builtIn[cause]?.title ?? Text(verbatim: cause)
        let measured = Text(verbatim: "\(host): ").joined(title)
        guard !concerns.isEmpty else {
            return .note(measured.joined(Text(en: "; nothing is left to be built from it", zh: "；已没有需要从它构建的内容")))
        }
        let evidence = [measured, Text(verbatim: reach.detail)]
        return await scene.found(cause, measured, evidence: evidence, concerns: concerns, fill: ["HOST": host])
    }

    /// Beyond it certificates and package lists are refused, or made files look new for ever.
    private static let tolerance = 120.0

    private static func clock(_ scene: DoctorScene) async throws -> ProbeVerdict {
        for (place, fact) in [
            (scene.places.index, scene.facts.index), (scene.places.packages, scene.facts.packages), (scene.places.hub, scene.facts.hub),
        ] {
            guard case .answered(_, let theirs?, let ours, _) = try await fact.value() else { continue }
            return await judge(scene, ours - theirs, ReachAsker.host(of: place))
        }
        return .note(Text(en: "no server to compare with answers", zh: "没有可用于比对的服务器应答"))
    }

    private static func judge(_ scene: DoctorScene, _ skew: Double, _ host: String) async -> ProbeVerdict {
        let seconds = Int(shown: abs(skew))
        guard abs(skew) > tolerance else {
            return .good(Text(en: "right to \(max(1, seconds)) s (\(host))", zh: "误差不超过 \(max(1, seconds)) 秒（\(host)）"))
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

/// What the lab needs and the engine does not have yet.
struct Missing: Sendable {
    var images: [LabImage]
    var builds: [String]

    /// Without an engine everything is missing.
    init(_ scene: DoctorScene) async throws {
        let tags = (try? await scene.images().flatMap(\.tags)) ?? []
        // Podman writes the registry's name before every name.
        let present = Set(tags.map { Self.short($0) })
        let has = { (tag: String) in present.contains(Self.short(tag.contains(":") ? tag : tag + ":latest")) }
        images = (scene.spec?.images ?? []).filter { !$0.localTags.contains(where: has) }
        builds = (scene.concerns?.builds ?? []).filter { !has($0) }
    }

    private static func short(_ tag: String) -> String {
        for prefix in ["docker.io/library/", "docker.io/", "localhost/"] where tag.hasPrefix(prefix) {
            return String(tag.dropFirst(prefix.count))
        }
        return tag
    }
}
