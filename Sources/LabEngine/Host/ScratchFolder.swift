import FoundationEssentials
import Glibc
import LabSupport

/// A temporary folder, removed after its use.
package struct ScratchFolder {
    let path: String

    init(in parent: String) throws {
        var template = Array((parent + "/.scratch-XXXXXX").utf8CString)
        guard mkdtemp(&template) != nil else { throw Self.failure(parent, errno) }
        path = String(decoding: template.dropLast().map { UInt8(bitPattern: $0) }, as: UTF8.self)
    }

    func remove() { try? FileManager.default.removeItem(atPath: path) }

    /// Creates a folder and its missing parents.
    package static func make(_ path: String) throws {
        do {
            try FileManager.default.createDirectory(atPath: path, withIntermediateDirectories: true)
        } catch {
            throw failure(path, errno, cause: "\(error)")
        }
    }

    static func move(_ from: String, to target: String) throws {
        guard rename(from, target) == 0 else { throw failure(target, errno) }
    }

    package static func write(_ text: String, to path: String) throws {
        do {
            try Data(text.utf8).write(to: URL(filePath: path))
        } catch {
            throw failure(path, errno, cause: "\(error)")
        }
    }

    private static func failure(_ path: String, _ code: Int32, cause: String? = nil) -> LabError {
        LabError(
            .hostFolder, Text(en: "Cannot write \(path).", zh: "无法写入 \(path)。"),
            hint: Text(
                en: "Check the folder's permissions and free space, or choose another folder with AILAB_HOME.",
                zh: "请检查该目录的权限和剩余空间，或用 AILAB_HOME 指定另一个目录。"),
            cause: cause ?? String(cString: strerror(code)), errno: code)
    }
}
