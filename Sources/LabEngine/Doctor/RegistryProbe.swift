import ContainerEngine
import Diagnosis
import HostFacts
import LabFile
import LabSupport

/// Whether Docker Hub or a mirror of it has the lab's images. An image that has a stand-in blocks nothing.
enum RegistryProbe {
    static func look(_ scene: DoctorScene) async throws -> ProbeVerdict {
        let missing = try await MissingImages(scene).images
        let wanted = missing.isEmpty ? scene.spec?.images ?? [] : missing
        let pulls = wanted.flatMap { image in image.pulls.map { (image: image, reference: $0) } }
        let places = await places(scene)
        let asker = ReachAsker(http: scene.http, network: scene.network)
        // Ask all at the same time, because each unreachable one takes until its timeout. The first in order that serves counts.
        let answers = await withTaskGroup(of: (Int, Reach).self) { group in
            for (index, place) in places.enumerated() {
                group.addTask {
                    if place == scene.places.hub, let reach = try? await scene.facts.hub.value() { return (index, reach) }
                    return (index, await asker.ask(place + "/v2/"))
                }
            }
            return await group.reduce(into: [Int: Reach]()) { $0[$1.0] = $1.1 }
        }
        guard let serving = places.indices.first(where: { answers[$0]?.cause == nil && answers[$0] != nil }) else {
            return await silent(scene, missing, places, answers)
        }
        guard !missing.isEmpty else {
            let host = ReachAsker.host(of: places[serving])
            return .good(Text(en: "the engine has all of them; \(host) is reachable", zh: "引擎上已全部具备；\(host) 可访问"))
        }
        return await manifests(scene, pulls, at: places[serving], asker)
    }

    /// The mirrors come first, in the order in which the engine and ailab ask them.
    private static func places(_ scene: DoctorScene) async -> [String] {
        let engine = (try? await scene.info().registry?.mirrors) ?? []
        let own = (scene.network.registryMirrors?.value ?? []).map { mirror in
            (Loopback.contains(authority: mirror.prefix { $0 != "/" }) ? "http://" : "https://") + mirror
        }
        let all = (engine + own).map { $0.hasSuffix("/") ? String($0.dropLast()) : $0 } + [scene.places.hub]
        return all.reduce(into: []) { if !$0.contains($1) { $0.append($1) } }
    }

    private static func silent(
        _ scene: DoctorScene, _ missing: [LabImage], _ places: [String], _ answers: [Int: Reach]
    ) async -> ProbeVerdict {
        let last = answers[places.count - 1] ?? .failed(cause: "network-unreachable", detail: "")
        let cause = last.cause ?? "network-unreachable"
        let host = ReachAsker.host(of: scene.places.hub)
        let title = SymptomLoader.builtIn[cause]?.title ?? Text(verbatim: cause)
        let reason = title.labelled(host)
        if missing.isEmpty {
            return .note(reason.joined(Text(en: "; the engine has all of the lab's images", zh: "；不过引擎上已有实验所需的全部镜像")))
        }
        let stranded = missing.filter { !$0.hasStandIn }
        let standIns = Text.words(missing.filter(\.hasStandIn).map(\.name))
        let evidence = places.indices.map { Text(verbatim: "\(ReachAsker.host(of: places[$0])): \(answers[$0]?.detail ?? "?")") }
        // Many networks reach no registry, and stand-ins solve that. Report only what the student can fix.
        guard !stranded.isEmpty || ["registry-rate-limit", "proxy-misconfigured", "tls-untrusted"].contains(cause) else {
            return .note(
                reason.joined(
                    Text(
                        en: "; ailab builds stand-ins from Debian packages (\(standIns.en))",
                        zh: "；ailab 会用 Debian 软件包制作替代镜像（\(standIns.zh)）")))
        }
        return await scene.found(
            cause, reason, evidence: evidence, concerns: stranded.map { .image($0.name) }, fill: ["HOST": host], first: [ownMirror])
    }

    private static let ownMirror = Remedy(
        Text(
            en: "Set a registry mirror that you can reach. ailab gets the same images from there.", zh: "指定一个可访问的镜像站，ailab 会从那里获取同样的镜像。"),
        commands: ["export AILAB_REGISTRY_MIRRORS=MIRROR"],
        changes: Text(en: "This shell only.", zh: "只影响当前终端。"), isOwn: true, open: ["MIRROR"])

    /// Asks for the head of each image's manifest. A HEAD request doesn't count as a pull:
    /// https://docs.docker.com/docker-hub/usage/pulls/
    private static func manifests(
        _ scene: DoctorScene, _ pulls: [(image: LabImage, reference: String)], at place: String, _ asker: ReachAsker
    ) async -> ProbeVerdict {
        let client = RegistryClient(place: place, asker: asker)
        let answers = await withTaskGroup(of: (Int, Reach).self) { group in
            for (index, pull) in pulls.enumerated() {
                guard RegistryReference.registry(of: pull.reference) == "docker.io" else { continue }
                group.addTask { (index, await client.manifest(pull.reference)) }
            }
            return await group.reduce(into: [Int: Reach]()) { $0[$1.0] = $1.1 }
        }
        let host = ReachAsker.host(of: place)
        for (index, pull) in pulls.enumerated() {
            guard let reach = answers[index], let cause = cause(reach) else { continue }
            let title = SymptomLoader.builtIn[cause]?.title ?? Text(verbatim: cause)
            let measured = title.labelled("\(host) \(pull.reference)")
            let isStranded = !pull.image.hasStandIn
            return await scene.found(
                cause, measured, evidence: [Text(verbatim: "\(pull.reference): \(reach.detail)")],
                concerns: isStranded ? [.image(pull.image.name)] : [], fill: ["IMAGE": pull.reference], first: [ownMirror])
        }
        let names = Text.words(pulls.map(\.reference))
        let left = answers.values.compactMap { if case .answered(_, _, _, let left?) = $0 { left } else { nil } }.min()
        let limit = left.map { Text(en: "; \($0) pulls left", zh: "；剩余 \($0) 次拉取") } ?? Text(verbatim: "")
        return .good(Text(en: "\(host) has \(names.en)", zh: "\(host) 提供 \(names.zh)").joined(limit))
    }

    private static func cause(_ reach: Reach) -> String? {
        if case .answered(404, _, _, _) = reach { return "image-not-found" }
        if case .answered(401, _, _, _) = reach { return "image-access-denied" }
        return reach.cause
    }
}

extension LabImage {
    /// The references that a registry may serve.
    var pulls: [String] { sources.compactMap { if case .pull(let reference) = $0 { reference } else { nil } } }
    /// Whether ailab can get or build the image without a registry.
    var hasStandIn: Bool { sources.contains { if case .pull = $0 { false } else { true } } }
}
