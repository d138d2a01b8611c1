import Foundation
import TestSupport
import Testing

@testable import LabEngine
@testable import LabFile
@testable import LabRunner
@testable import LabSupport

@Suite(.serialized) struct HeadStartTests {
    private let folder: TemporaryDirectory

    init() throws { folder = try TemporaryDirectory() }

    private func write(title: String) throws -> String {
        let file = "\(folder.path)/small.yaml"
        let text = """
            schema: 1
            id: small
            summary: {en: Small., zh: 小。}
            variables: {}
            images: {}
            servers: {}
            title: {en: \(title), zh: \(title)}
            steps:
              - number: 1
                title: {en: One, zh: 一}
                tasks:
                  - id: "1.1"
                    title: {en: Look, zh: 看}
                    text: {en: Look., zh: 看。}
                    action: {facts: [processors]}
                    expected: 1
            """
        try Files.write(Array(text.utf8), to: file)
        return file
    }

    private func title(_ file: String) throws -> String {
        try OpenedLab(try Workspace(root: "\(folder.path)/home"), file: file, environment: [:]).spec.title.en
    }

    /// A file that changes later is read again.
    @Test func whatWasReadAheadIsTakenOnce() throws {
        let file = try write(title: "First")
        HeadStart.read(lab: file)
        // Long after the reading, whose end only the taker can see.
        Thread.sleep(forTimeInterval: 1)
        _ = try write(title: "Second")
        #expect(try title(file) == "First")
        #expect(try title(file) == "Second")
    }

    @Test func anotherLabIsReadAsUsual() throws {
        let file = try write(title: "First")
        HeadStart.read(lab: "\(folder.path)/other.yaml")
        #expect(try title(file) == "First")
        #expect(throws: LabError.self) { try title("\(folder.path)/other.yaml") }
    }

    @Test func mistakesAreToldByWhoeverOpensTheLab() throws {
        let file = "\(folder.path)/wrong.yaml"
        try Files.write(Array("id: wrong\n".utf8), to: file)
        HeadStart.read(lab: file)
        let error = #expect(throws: LabError.self) { try title(file) }
        #expect(error?.code == .labInvalid)
    }
}
