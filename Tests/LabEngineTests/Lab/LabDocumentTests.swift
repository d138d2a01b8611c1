import Foundation
import LabFile
import LabSupport
import Testing

@Suite("The document on lab files") struct LabDocumentTests {
    private let document: String

    init() throws {
        let root = URL(fileURLWithPath: #filePath).pathComponents.dropLast(4).joined(separator: "/")
        document = try String(contentsOfFile: "\(root)/docs/lab-file.md", encoding: .utf8)
    }

    @Test("its example is a lab without a mistake") func example() throws {
        let example = try #require(document.firstMatch(of: /```yaml\n([\s\S]*?)```/)?.1)
        #expect(String(example) == LabSkeleton.example, "`ailab lab new` writes another example than the document shows")
        let load = LabSpecLoader.load(text: String(example), file: "example.yaml", directory: "/nonexistent")
        #expect(load.diagnostics.map { $0.rendered(.en) } == [])
        let spec = try #require(load.spec)
        let values = try LabVariables.resolve(spec: spec, builtIns: ["user": "ann"])
        let task = try #require(try spec.filled(by: Template(values)).tasks.last)
        #expect(task.text.en.contains("`${HOME}`"))
        #expect(task.checks.last?.subject == .logs(container: "ann-hello", match: LabMatch(pattern: "^hello ann")))
    }

    @Test("it names every key that the reader knows") func keys() throws {
        // A mistake that makes the reader list its keys, for each of the two tables of alternatives.
        for spoiled in ["{facts: [engine, disk, memory]}", "[engine: true]"] {
            let example = try #require(document.firstMatch(of: /```yaml\n([\s\S]*?)```/)?.1)
            let text = String(example).replacing(spoiled, with: spoiled.hasPrefix("{") ? "{xyzzy: 1}" : "[xyzzy: 1]")
            let load = LabSpecLoader.load(text: text, file: "example.yaml", directory: "/nonexistent")
            let message = try #require(load.diagnostics.first { $0.message.en.contains("xyzzy") }).message.en
            let keys = message.matches(of: /`([a-z_]+)`/).map { String($0.1) }.filter {
                !["xyzzy", "action", "until", "advice"].contains($0)
            }
            #expect(keys.count > 9)
            for key in keys { #expect(document.contains("| `\(key): "), "docs/lab-file.md does not describe \(key)") }
        }
    }

    @Test("it names the built-in variables") func builtIns() {
        for name in Template.builtIns { #expect(document.contains("| `\(name)` |")) }
    }
}
