import ContainerEngine
import LabFile
import LabRunner
import LabSupport

/// BuildKit's cache, as far as this workspace filled it. The engine's records have no labels, but they have a time: those that were made during a
/// build of this workspace are ours. A build of someone else at the same moment can't be told apart; it would only have to be built again.
extension WorkspaceObjects {
    /// The records as one object. Nil if there are none, or the engine has no BuildKit.
    func buildCache(of workspace: Workspace) async throws -> WorkspaceObject? {
        let records = try await ownRecords(workspace)
        guard !records.isEmpty else { return nil }
        // What an image shares is counted with the image.
        let bytes = records.filter { $0.isShared != true }.map { $0.size ?? 0 }.clampedSum
        return WorkspaceObject(kind: .buildCache, name: "BuildKit (\(records.count))", id: "buildkit", bytes: bytes)
    }

    /// Removes them. Returns why something stays.
    func removeBuildCache(of workspace: Workspace) async throws -> LabError? {
        // A record goes only after those that were made from it, so each round frees the next ones.
        var left = try await ownRecords(workspace)
        while !left.isEmpty {
            do {
                for id in left.compactMap(\.id) { try await docker.removeBuildCache(id) }
                let next = try await ownRecords(workspace)
                guard next.count < left.count else {
                    return LabError(
                        .imageInUse,
                        Text(
                            en: "\(next.count) records of the build cache are still used, by an image or by another build.",
                            zh: "构建缓存中有 \(next.count) 条记录仍被镜像或其他构建使用。"))
                }
                left = next
            } catch {
                try Task.checkCancellation()
                return LabError(describing: error)
            }
        }
        return nil
    }

    private func ownRecords(_ workspace: Workspace) async throws -> [DiskUsage.CacheRecord] {
        guard EngineKind(ping: docker.ping).maker == .docker, docker.version >= APIVersion(major: 1, minor: 41) else { return [] }
        let builds = workspace.builds
        guard !builds.isEmpty else { return [] }
        return try await docker.buildCache().filter { record in
            guard record.isInUse != true, let made = record.createdAt else { return false }
            return builds.contains { $0.contains(made) }
        }
    }
}

extension Workspace {
    /// When builds of this workspace ran, by the journals that are left.
    fileprivate var builds: [ClosedRange<Double>] {
        runs.flatMap { folder in
            var spans: [ClosedRange<Double>] = []
            var began: [TaskID: Double] = [:]
            var builds: Set<TaskID> = []
            for event in JournalReader.events(of: folder, types: ["taskStarted", "taskFinished", "progress"]) {
                guard let task = event.task else { continue }
                if case .taskStarted = event.payload { began[task] = event.time }
                // Only BuildKit names its steps by a digest. What the classic builder made isn't in this cache.
                if case .progress(let progress) = event.payload, progress.step?.id.hasPrefix("sha256:") == true { builds.insert(task) }
                if case .taskFinished = event.payload, builds.contains(task), let start = began[task], start <= event.time {
                    spans.append(start...event.time)
                }
            }
            return spans
        }
    }
}
