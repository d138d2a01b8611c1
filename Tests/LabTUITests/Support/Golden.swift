import Foundation
import Testing

/// Compares with `Golden/NAME.txt`. `UPDATE_GOLDEN=1` writes it anew and fails the run, so that it is never left on.
func expectGolden(_ actual: String, _ name: String, at location: SourceLocation = #_sourceLocation) {
    expectFile(actual + "\n", Fixture.folder.appending(path: "../Golden/\(name).txt"), at: location)
}

/// The same for a file anywhere in the repository.
func expectFile(_ actual: String, _ file: URL, at location: SourceLocation = #_sourceLocation) {
    let expected = try? String(contentsOf: file, encoding: .utf8)
    guard expected != actual else { return }
    guard ProcessInfo.processInfo.environment["UPDATE_GOLDEN"] != nil else {
        Issue.record("\(file.lastPathComponent) differs; look at it, then UPDATE_GOLDEN=1 swift test\n\(actual)", sourceLocation: location)
        return
    }
    try? FileManager.default.createDirectory(at: file.deletingLastPathComponent(), withIntermediateDirectories: true)
    try? actual.write(to: file, atomically: true, encoding: .utf8)
    Issue.record("\(file.lastPathComponent) was written anew", sourceLocation: location)
}
