import FoundationEssentials
import Glibc
package import LabFile
package import LabRunner
package import LabSupport

extension Workspace {
    /// The cache's entries, and the records of runs that no task's result and no later run depends on.
    package func disposable() -> [WorkspaceObject] {
        let entries = Files.names(in: cache).map { name in
            WorkspaceObject(kind: .cache, name: name, id: "\(cache)/\(name)", bytes: Self.bytes(below: "\(cache)/\(name)"))
        }
        let kept = runsThatCount
        let old = runs.filter { !kept.contains($0.number) }.map { folder in
            WorkspaceObject(kind: .run, name: String(folder.number), id: folder.path, bytes: Self.bytes(below: folder.path))
        }
        return entries + old
    }

    /// Runs that brought a task to the end that counts now, and the newest of each lab.
    private var runsThatCount: Set<Int> {
        var labs: Set<String> = []
        for folder in runs {
            if case .runStarted(let start)? = JournalReader.events(of: folder).first?.payload { labs.insert(start.lab) }
        }
        return labs.reduce(into: Set(runs.last.map { [$0.number] } ?? [])) { kept, lab in
            let progress = LabProgress(self, lab: lab)
            kept.formUnion(progress.successes.values.map(\.run))
            if let newest = progress.run { kept.insert(newest.number) }
        }
    }

    /// The files of the student's folder that the tasks' checks name; nothing outside of it.
    package func files(of tasks: [LabTask], lab: String) -> [WorkspaceObject] {
        let root = files(lab: lab)
        return tasks.flatMap { task in
            task.checks.compactMap { check -> WorkspaceObject? in
                guard case .file(let path, _, _) = check.subject else { return nil }
                // One that leads out of the student's folder isn't the student's file.
                guard let size = (try? PathBelow(path, in: root).size()) ?? nil else { return nil }
                return WorkspaceObject(kind: .file, name: path, id: "\(root)/\(path)", bytes: Int64(size), task: task.id)
            }
        }
    }

    /// Deletes a file or folder that one of these lists names. Returns the reason where it stays.
    package func delete(_ object: WorkspaceObject) -> LabError? {
        guard object.id.hasPrefix(root + "/") else { return Files.error(EPERM, object.id) }
        do {
            try PathBelow(String(object.id.dropFirst(root.utf8.count + 1)), in: root).remove()
            return nil
        } catch {
            guard error.code != .fileOutside else { return error }
            return LabError(
                .fileFailed, Text(en: "\(object.id) could not be removed", zh: "无法删除 \(object.id)"),
                hint: Text(
                    en: "A container may have made it as root: `sudo rm -r \(object.id)`.",
                    zh: "它可能由容器以 root 身份创建：`sudo rm -r \(object.id)`。"),
                cause: error.cause, errno: error.errno)
        }
    }

    private static func bytes(below path: String) -> Int64 {
        if let size = Files.size(path) { return Int64(size) }
        return Files.tree(path).reduce(0) { sum, file in
            let (next, isOver) = sum.addingReportingOverflow(Int64(Files.size("\(path)/\(file)") ?? 0))
            return isOver ? .max : next
        }
    }
}
