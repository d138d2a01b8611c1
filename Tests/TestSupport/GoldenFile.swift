package import Foundation

/// Files that hold what a test expects, for a person to look at.
package enum GoldenFile {
    /// What is wrong where a file does not hold `actual`; nil where it does. `UPDATE_GOLDEN=1` writes it anew and says so, so that it is never
    /// left on.
    package static func difference(_ actual: String, _ file: URL) -> String? {
        let expected = try? String(contentsOf: file, encoding: .utf8)
        guard expected != actual else { return nil }
        guard ProcessInfo.processInfo.environment["UPDATE_GOLDEN"] != nil else {
            return "\(file.lastPathComponent) differs; look at it, then UPDATE_GOLDEN=1 swift test\n\(actual)"
        }
        try? FileManager.default.createDirectory(at: file.deletingLastPathComponent(), withIntermediateDirectories: true)
        try? actual.write(to: file, atomically: true, encoding: .utf8)
        return "\(file.lastPathComponent) was written anew"
    }
}
