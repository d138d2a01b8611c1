import Foundation
import LabEngine
import LabFile
import LabRunner
import LabSupport
import LabTUI
import TestSupport
import Testing

/// The watch of the student's files, on real files and without an engine.
@Suite struct FileWatchTests {
    private static let lab = Fixture.folder.appending(path: "../../../labs/lab5.yaml").standardizedFileURL.path

    /// The states of `Dockerfile.train` in their order, while `change` changes it.
    private func states(_ change: @escaping @Sendable (_ folder: String, _ step: Int) throws -> Bool) async throws -> [ExaminedFile] {
        let home = try TemporaryDirectory()
        let workspace = try Workspace(root: home.path)
        let opened = try OpenedLab(workspace, file: Self.lab, environment: ["PATH": "/usr/bin:/bin", "HOME": home.path])
        let watch = try await StudentFileWatch(opened, options: RunOptions(), asksEngine: false)
        let (stream, sink) = AsyncStream.makeStream(of: ExaminedFile.self)
        let watching = Task { await watch.follow { sink.yield($0) } }
        var seen: [ExaminedFile] = []
        for await file in stream where file.path == "Dockerfile.train" {
            seen.append(file)
            if try !change(workspace.files(lab: opened.spec.id), seen.count) { break }
        }
        watching.cancel()
        await watching.value
        return seen
    }

    @Test func aSaveInPlaceOrByRenamingIsSeen() async throws {
        let seen = try await states { folder, step in
            let path = "\(folder)/Dockerfile.train"
            switch step {
            // The folder doesn't exist either.
            case 1:
                try Files.makeDirectory(folder)
                try Files.write(Array(StudentScene.wrong.utf8), to: path)
            case 2:
                try Files.write(Array(StudentScene.right.utf8), to: path + "~")
                try #require(rename(path + "~", path) == 0)
            case 3: try #require(unlink(path) == 0)
            default: return false
            }
            return true
        }
        #expect(seen.map(\.state) == [.missing, .own, .own, .missing])
        #expect(seen[1].firstError == 6 && !seen[1].isFine)
        #expect(seen[2].isFine && seen[2].errors == 0)
    }

    @Test func theTemplateAndTheSolutionAreKnown() async throws {
        let train = Fixture.folder.appending(path: "../../../labs/lab5/train").standardizedFileURL.path
        let seen = try await states { folder, step in
            guard step < 3 else { return false }
            try Files.makeDirectory(folder)
            let file = step == 1 ? "Dockerfile.template" : "Dockerfile.cpu"
            try Files.write(try Files.read("\(train)/\(file)"), to: "\(folder)/Dockerfile.train")
            return true
        }
        #expect(seen.map(\.state) == [.missing, .template, .reference])
        #expect(!seen[1].isFine && seen[2].isFine)
    }
}
