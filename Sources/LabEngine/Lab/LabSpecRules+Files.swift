import Glibc
import LabSupport

extension LabSpecRules {
    /// The lab's files must exist, and no path may leave its folder.
    func checkFiles() {
        for use in uses {
            switch use.subject {
            case .labFile(let path): checkLab(path, folder: false, at: use.path)
            case .labFolder(let path): checkLab(path, folder: true, at: use.path)
            case .workspacePath(let path): checkInside(path, at: use.path)
            case .inside(let path):
                if let path = filled(path), !path.hasPrefix("/") { report(LabWording.pathNotAbsolute(path), at: use.path) }
            default: break
            }
        }
    }

    private func checkLab(_ path: String, folder: Bool, at place: LabPath) {
        guard checkInside(path, at: place) else { return }
        for path in forms(of: path) {
            let file = PathBelow(path, in: spec.directory)
            do {
                if let found = try file.statusIfPresent(), (found.st_mode & S_IFMT == S_IFDIR) == folder { continue }
            } catch {
                guard error.code != .fileOutside else {
                    report(error.message, at: place)
                    continue
                }
            }
            report(LabWording.missingFile(file.shown, folder: folder), at: place, suggestion: neighbour(of: path))
        }
    }

    /// The path on a machine with a GPU and on one without.
    private func forms(of path: String) -> Set<String> {
        let devices = ["cpu", "gpu"].map { Template(template.values.merging(["device": $0]) { $1 }) }
        return Set(devices.compactMap { try? $0.fill(path) })
    }

    @discardableResult
    private func checkInside(_ path: String, at place: LabPath) -> Bool {
        guard let path = filled(path) else { return false }
        guard path.hasPrefix("/") || path.split(separator: "/").contains("..") else { return true }
        report(LabWording.pathLeaves(path), at: place)
        return false
    }

    /// The file of the same folder with the closest name, as a path in the lab's folder.
    private func neighbour(of path: String) -> String? {
        let parent = path.split(separator: "/").dropLast().joined(separator: "/")
        let files = Files.names(in: "\(spec.directory)/\(parent)")
        return NearestWord.to(path, among: files.map { parent.isEmpty ? $0 : "\(parent)/\($0)" })
    }
}
