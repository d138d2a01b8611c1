import LabSupport

/// One hash of all parts of a lab. Two equal hashes mean that the lab was the same.
package enum LabDigest {
    /// The hash of the lab's file and everything in its folder except the demo, in lower-case hexadecimal digits. An unreadable file counts
    /// as missing. Nil if the folder is too large to be read, or the task is cancelled.
    package static func hex(of labFile: String, _ directory: String) -> String? {
        do {
            var lines = [(try? SHA256.hex(ofFile: labFile)) ?? "missing"]
            for file in try files(in: directory) where !file.path.hasPrefix("demo/") && !file.path.contains("__pycache__") {
                do {
                    lines.append("\(file.path) \(try file.sha256())")
                } catch is LabError {
                    lines.append("\(file.path) missing")
                }
            }
            return SHA256.hex(of: lines.joined(separator: "\n").utf8)
        } catch {
            return nil
        }
    }

    private static func files(in directory: String) throws -> [PathBelow] {
        guard Files.isDirectory(directory) else { return [] }
        return try PathBelow(".", in: directory).tree()
    }
}
