import LabFile
import Testing

@Suite("Damaged lab files") struct LabRobustnessTests {
    private let lines = MiniLab.yaml.split(separator: "\n", omittingEmptySubsequences: false).map(String.init)

    private func check(_ lines: [String], sourceLocation: SourceLocation = #_sourceLocation) {
        let load = LabSpecLoader.load(text: lines.joined(separator: "\n"), file: "mini.yaml", directory: "/nonexistent")
        #expect((load.spec == nil) == !load.errors.isEmpty, sourceLocation: sourceLocation)
        #expect(load.diagnostics == load.diagnostics.sorted(), sourceLocation: sourceLocation)
        for diagnostic in load.diagnostics {
            #expect(diagnostic.line >= 1 && diagnostic.line <= lines.count + 1 && diagnostic.column >= 1, sourceLocation: sourceLocation)
        }
    }

    @Test("a line is missing, doubled, cut, or the last one") func damagedLines() {
        for index in lines.indices {
            var changed = lines
            changed.remove(at: index)
            check(changed)
            check(Array(lines[...index]) + lines[index...])
            check(Array(lines[..<index]))
            changed = lines
            changed[index] = String(lines[index].prefix(lines[index].count / 2))
            check(changed)
        }
    }

    @Test("a list of anything where a lab should be") func otherShapes() {
        for text in [
            "- a", "a", "[]", "{}", "{[a]: b}", "? {a: b}\n: c", "'", "%", "\u{0}", "&a [*a]", "---\n---\n", "!!binary x: y",
            "\u{FEFF}id: x",
        ] {
            check([text])
        }
    }
}
