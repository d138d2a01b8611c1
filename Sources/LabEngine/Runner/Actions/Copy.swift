import ContainerEngine
import Glibc
import LabFile
import LabSupport

extension LabCopyAction: RunnableAction {
    func perform(in task: TaskContext) async throws {
        let outside = task.run.workFile(outside)
        switch direction {
        case .into:
            guard let size = try outside.size() else { throw Files.error(try outside.exists() ? EISDIR : ENOENT, outside.shown) }
            guard Int64(size) <= FolderLimit().bytes else {
                let limit = FolderLimit().bytes >> 30
                throw LabError(
                    .fileFolderTooLarge,
                    Text(en: "\(outside.shown) is larger than \(limit) GiB.", zh: "\(outside.shown) 超过 \(limit) GiB。"))
            }
            let archive = TarWriter([
                TarEntry(name: Array(outside.name.utf8), mode: 0o644, modified: 0, content: .file(outside, size: Int64(size)))
            ])
            try await task.docker.upload(archive.body, to: inside, in: container)
        case .out:
            try outside.makeDirectory()
            for skipped in try await task.docker.download(inside, from: container, to: outside).skipped {
                let name = SafeLines.clean(text: skipped)
                task.notice("copy.skipped", Text(en: "Left out: \(name)", zh: "已跳过：\(name)"), level: .warning)
            }
        }
        task.created(.file, outside.shown)
    }

    func commands(_ equivalent: Equivalent) -> [[String]] {
        let outside = equivalent.run.workFile(outside).shown
        return switch direction {
        case .into: [DockerCommand.copy(outside, into: container, at: inside)]
        case .out: [DockerCommand.copy(inside, from: container, to: outside)]
        }
    }

    var imagesUsed: [String] { [] }

    var hashedValue: Any? { self }

    func hashedFiles(in run: RunContext) -> [HashedFile] { [] }

    var places: Set<String> { ["container", "host"] }

    func imageMade(in run: RunContext) async throws -> WorkspaceImage? { nil }

    func look(in run: RunContext, fingerprint: String, record: TaskRecord?) async -> TaskLook? { nil }

    func authors(isDone: Bool, isAuto: Bool, notices: [Notice]) -> Set<SolutionAuthor> { [] }
}
