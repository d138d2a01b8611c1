import LabSupport

/// One hash of all parts of a lab. Two equal hashes mean that the lab was the same.
package enum LabDigest {
    /// The hash of the lab's file and everything in its folder except the demo, in lower-case hexadecimal digits. An unreadable file counts
    /// as missing.
    package static func hex(of labFile: String, _ directory: String) -> String {
        let names = Files.tree(directory).filter { !$0.hasPrefix("demo/") && !$0.contains("__pycache__") }
        let lines = [hash(labFile)] + names.map { "\($0) \(hash("\(directory)/\($0)"))" }
        return SHA256.hex(of: lines.joined(separator: "\n").utf8)
    }

    private static func hash(_ path: String) -> String { (try? SHA256.hex(ofFile: path)) ?? "missing" }
}
