import Foundation
import TestSupport
import Testing

/// Compares with `Golden/NAME.txt`. `UPDATE_GOLDEN=1` writes it anew and fails the run, so that it is never left on.
func expectGolden(_ actual: String, _ name: String, at location: SourceLocation = #_sourceLocation) {
    expectFile(actual + "\n", Fixture.folder.appending(path: "../Golden/\(name).txt"), at: location)
}

/// The same for a file anywhere in the repository.
func expectFile(_ actual: String, _ file: URL, at location: SourceLocation = #_sourceLocation) {
    if let difference = GoldenFile.difference(actual, file) { Issue.record("\(difference)", sourceLocation: location) }
}
