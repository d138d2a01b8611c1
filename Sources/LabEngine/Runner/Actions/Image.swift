import ContainerEngine
import HTTPTransport
import HostFacts
import LabFile
import LabSupport

extension LabImageAction: RunnableAction {
    func perform(in task: TaskContext) async throws {
        guard let image = task.run.spec.image(name) else { return }
        try await task.obtain(image)
    }

    func commands(_ equivalent: Equivalent) -> [[String]] {
        guard let image = equivalent.run.spec.image(name) else { return [] }
        return image.sources.prefix(1).compactMap { source in
            if case .pull(let reference) = source { DockerCommand.pull(reference) } else { nil }
        }
    }

    var imagesUsed: [String] { [] }

    var hashedValue: Any? { self }

    func hashedFiles(in run: RunContext) -> [HashedFile] {
        guard let image = run.spec.image(name) else { return [] }
        let sources = [HashedFile("sources", hash: SHA256.hex(of: Canonical.text(image.sources).utf8))]
        guard image.adapted else { return sources }
        let overlay = BaseOverlay(base: image.tag, debianSuite: image.debianSuite, network: run.network)
        return sources + [HashedFile("overlay", hash: overlay?.digest ?? "none")]
    }

    var places: Set<String> { ["pull", "build", "host", "daemon"] }

    func imageMade(in run: RunContext) async throws -> WorkspaceImage? { try await run.workspaceImage(named: name) }

    func look(in run: RunContext, fingerprint: String, record: TaskRecord?) async -> TaskLook? { nil }

    func authors(isDone: Bool, isAuto: Bool, notices: [Notice]) -> Set<SolutionAuthor> { [] }
}

extension TaskContext {
    /// Gets an image from the first source that has it. If it's a base for builds, it's adapted to this host's network.
    fileprivate func obtain(_ image: LabImage) async throws {
        var last: LabError?
        for source in image.sources {
            do {
                let (reference, isStandIn, text) = try await obtain(source)
                emit(.sourceChosen(SourceChosen(what: image.name, source: reference, standIn: isStandIn, text: text)))
                if image.adapted { try await adapt(reference, to: image) }
                return
            } catch let error as CancellationError {
                throw error
            } catch  where RunEngine.canMeanLoss(error) {
                // The next source needs the engine, too, and a stand-in would hide what happened.
                throw error
            } catch {
                let failure = LabError(describing: error)
                emit(.sourceFailed(SourceFailed(what: image.name, source: Self.name(of: source), error: failure)))
                last = failure
            }
        }
        throw LabError(
            .imageNoSource,
            Text(en: "The image \(image.name) isn't available from any of its sources.", zh: "镜像 \(image.name) 的所有来源都不可用。"),
            hint: last?.hint
                ?? Text(
                    en: "Check the network, or name a mirror of Docker Hub: `AILAB_REGISTRY_MIRRORS=host[:port][/path]`.",
                    zh: "请检查网络，或指定镜像站：`AILAB_REGISTRY_MIRRORS=主机[:端口][/路径]`。"),
            cause: last.map { "\($0.message.en)" + ($0.cause.map { ": \($0)" } ?? "") })
    }

    private static func name(of source: LabImageSource) -> String {
        switch source {
        case .pull(let reference): reference
        case .debian(let suite, _, let tag): "\(tag) (mmdebstrap \(suite))"
        case .busybox(let tag, _, _): "\(tag) (busybox-static)"
        }
    }

    private func obtain(_ source: LabImageSource) async throws -> (reference: String, isStandIn: Bool, text: Text) {
        switch source {
        case .pull(let reference): return try await pull(reference)
        case .debian(let suite, let include, let tag):
            try await importStandIn(.debian(suite: suite, include: include), as: tag, command: [])
            return (
                tag, true,
                Text(
                    en: "A stand-in: Debian \(suite) from the distribution's packages, because no registry has the original.",
                    zh: "替代镜像：用发行版软件包制作的 Debian \(suite)，因为没有镜像仓库能提供原镜像。")
            )
        case .busybox(let tag, let command, let files):
            try await importStandIn(.busybox(files: files), as: tag, command: command)
            return (
                tag, true,
                Text(
                    en: "A stand-in: Debian's static busybox, because no registry has the original.",
                    zh: "替代镜像：Debian 的静态 busybox，因为没有镜像仓库能提供原镜像。")
            )
        }
    }

    /// Pulls from the registry itself, and then from each configured mirror of the hub.
    private func pull(_ reference: String) async throws -> (String, Bool, Text) {
        if try await docker.imageIfPresent(reference) != nil {
            return (reference, false, Text(en: "The engine already has \(reference).", zh: "引擎中已有 \(reference)。"))
        }
        var last: (any Error)?
        for candidate in [reference] + RegistryReference.mirrored(reference, by: run.network.registryMirrors?.value ?? []) {
            let registry = RegistryReference.registry(of: candidate)
            guard !run.silentRegistries.withLock({ $0.contains(registry) }) else {
                last = last ?? Self.silent(registry)
                continue
            }
            do {
                try await pullOnce(candidate)
                if candidate != reference { try await docker.tagImage(candidate, as: reference) }
                return (candidate, false, Text(en: "Pulled from \(registry).", zh: "从 \(registry) 拉取。"))
            } catch let error as CancellationError {
                throw error
            } catch  where RunEngine.canMeanLoss(error) {
                throw error
            } catch {
                if Self.meansSilence(error) { run.silentRegistries.withLock { _ = $0.insert(registry) } }
                last = error
            }
        }
        throw last ?? CancellationError()
    }

    /// The time limit for a registry's first response, in seconds. A blocked registry often drops packets, and an engine would try for
    /// minutes.
    private static let registryTimeout = 45

    private func pullOnce(_ reference: String) async throws {
        let heard = Locked(false)
        try await withThrowingTaskGroup(of: Bool.self) { group in
            group.addTask {
                var progress = PullProgress()
                for try await event in try await docker.pullImage(reference) {
                    heard.withLock { $0 = true }
                    report(event, &progress)
                }
                return true
            }
            group.addTask {
                try await Task.sleep(for: .seconds(Self.registryTimeout))
                return false
            }
            defer { group.cancelAll() }
            while let finished = try await group.next() {
                if finished { return }
                if !heard.withLock({ $0 }) { throw Self.silent(RegistryReference.registry(of: reference)) }
            }
        }
    }

    private static func silent(_ registry: String) -> LabError {
        LabError(
            .registrySilent, Text(en: "The registry \(registry) doesn't respond.", zh: "镜像仓库 \(registry) 没有响应。"),
            hint: Text(
                en: "Name a mirror that you can reach: AILAB_REGISTRY_MIRRORS=host[:port][/path].",
                zh: "请指定可访问的镜像站：`AILAB_REGISTRY_MIRRORS=主机[:端口][/路径]`。"))
    }

    /// True if the registry couldn't be reached. It isn't asked for the next image. A registry that refuses an image is asked again.
    private static func meansSilence(_ error: any Error) -> Bool {
        [.registrySilent, .registryUnreachable].contains(LabError(describing: error).code)
    }

    private func importStandIn(_ standIn: StandIn, as tag: String, command: [String]) async throws {
        if try await docker.imageIfPresent(tag) != nil { return }
        let builder = StandInBuilder(cache: run.workspace.cache, network: run.network, environment: run.environment)
        let path = try await builder.build(standIn) { line in say(line.text) }
        let content = String(SHA256.hex(of: "\(standIn.cacheName) \(command)".utf8).prefix(24))
        var changes = labels(image: tag, content: content).map { "LABEL \($0.key)=\($0.value)" }.sorted()
        if !command.isEmpty { changes.append("CMD \(JSONText.array(command))") }
        let id = try await docker.importImage(from: .file(path: path), as: tag, changes: changes)
        created(.image, tag, id: id)
    }

    /// Adds the host's certificate authorities and mirrors to a base image, or only gives the image the lab's name.
    private func adapt(_ reference: String, to image: LabImage) async throws {
        guard let overlay = BaseOverlay(base: reference, debianSuite: image.debianSuite, network: run.network) else {
            try await name(reference, as: run.workspaceImage(of: image))
            return
        }
        for text in run.network.notices { notice("network.adapted", text) }
        let files = Dictionary(uniqueKeysWithValues: overlay.files.map { ($0.path, $0.bytes) })
        let dockerfile = Array(overlay.dockerfile.utf8)
        let members = [BuildRecipe.name: dockerfile].merging(files) { first, _ in first }
        let archive = TarWriter(
            members.sorted { $0.key < $1.key }.map {
                TarEntry(name: Array($0.key.utf8), mode: 0o644, modified: 0, content: .memory($0.value))
            })
        let made = try await run.workspaceImage(of: image)
        let options = BuildOptions(
            tags: [made.ownTag], dockerfile: BuildRecipe.name, labels: labels(image: made.tag, content: made.content))
        try await build(made, options, dockerfile: dockerfile, context: archive.body)
    }
}
