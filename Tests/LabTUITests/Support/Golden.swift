import Foundation
import LabTUI
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

/// A frame's text. The frame is also drawn, see `drawScreen`.
func expectGolden(_ frame: CellBuffer, _ name: String, at location: SourceLocation = #_sourceLocation) {
    drawScreen(frame, name, at: location)
    expectGolden(frame.plainText, name, at: location)
}

/// If `AILAB_SCREENS` names a folder, draws the frame there with its colors: see `make screens`.
func drawScreen(_ frame: CellBuffer, _ name: String, isLight: Bool = false, at location: SourceLocation = #_sourceLocation) {
    if let folder = ProcessInfo.processInfo.environment["AILAB_SCREENS"], !folder.isEmpty {
        let file = URL(filePath: folder).appending(path: "\(name).svg")
        do {
            try FileManager.default.createDirectory(at: file.deletingLastPathComponent(), withIntermediateDirectories: true)
            try frame.svg(isLight: isLight).write(to: file, atomically: true, encoding: .utf8)
        } catch {
            Issue.record(error, sourceLocation: location)
        }
    }
}
