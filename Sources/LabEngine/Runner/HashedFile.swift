import Glibc
import LabFile
import LabSupport

/// A file, or another named part of what a task's result depends on, with the hash of its content.
struct HashedFile: Sendable {
    var name: String
    var hash: String

    init(_ name: String, hash: String) {
        self.name = name
        self.hash = hash
    }

    /// A file of the lab. An unreadable file counts as missing; one outside of the lab's folder is an error.
    init(_ path: String, in run: RunContext) throws { try self.init(path, run.labFile(path), in: run) }

    private init(_ name: String, _ path: PathBelow, in run: RunContext) throws {
        do {
            try self.init(name, hash: run.hashes.hash(of: path))
        } catch let error as LabError where error.code != .fileOutside {
            self.init(name, hash: "missing")
        }
    }

    /// All files in a folder of the lab.
    static func tree(_ path: String, in run: RunContext) throws -> [HashedFile] {
        let root = run.labFile(path)
        let files: [PathBelow]
        do {
            files = try root.tree()
        } catch let error as LabError where error.errno == ENOENT || error.errno == ENOTDIR {
            return []
        }
        // Files that the Python interpreter leaves beside a script aren't part of the lab.
        return try files.filter { !$0.path.contains("__pycache__") }.map { file in
            try HashedFile(path + String(file.path.dropFirst(root.path.count)), file, in: run)
        }
    }

    /// All files in the lab's folders that are mounted in a container.
    static func mounted(by container: LabContainer, in run: RunContext) throws -> [HashedFile] {
        try container.mounts.flatMap { mount -> [HashedFile] in
            if case .lab(let path) = mount.source { try tree(path, in: run) } else { [] }
        }
    }
}
