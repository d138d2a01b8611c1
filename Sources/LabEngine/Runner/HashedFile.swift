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

    /// A file of the lab. An unreadable file counts as missing.
    init(_ path: String, in run: RunContext) { self.init(path, full: run.labPath(path)) }

    private init(_ name: String, full path: String) {
        self.init(name, hash: (try? SHA256.hex(ofFile: path)) ?? "missing")
    }

    /// All files in a folder of the lab.
    static func tree(_ path: String, in run: RunContext) -> [HashedFile] {
        let root = run.labPath(path)
        // Files that the Python interpreter leaves beside a script aren't part of the lab.
        return Files.tree(root).filter { !$0.contains("__pycache__") }.map {
            HashedFile("\(path)/\($0)", full: "\(root)/\($0)")
        }
    }

    /// All files in the lab's folders that are mounted in a container.
    static func mounted(by container: LabContainer, in run: RunContext) -> [HashedFile] {
        container.mounts.flatMap { mount -> [HashedFile] in
            if case .lab(let path) = mount.source { tree(path, in: run) } else { [] }
        }
    }
}
