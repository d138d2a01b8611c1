import LabFile
import LabSupport
import Testing

/// A change to the mini lab that spoils it, and all that must be said about it.
struct Mistake: Sendable, CustomTestStringConvertible {
    var changes: [(String, String)]
    var said: [String]

    init(_ before: String, _ after: String, _ said: String...) {
        changes = [(before, after)]
        self.said = said
    }

    var testDescription: String { changes.map { "\($0.0) → \($0.1)" }.joined(separator: ", ") }

    /// Loads the spoiled lab and compares.
    func check(sourceLocation: SourceLocation = #_sourceLocation) {
        let load = MiniLab.load(changes)
        #expect(load.diagnostics.map { $0.rendered(.en) } == said.map { "mini.yaml:\($0)" }, sourceLocation: sourceLocation)
        let hasErrors = load.diagnostics.contains { $0.severity == .error }
        #expect((load.spec == nil) == hasErrors, sourceLocation: sourceLocation)
        for diagnostic in load.diagnostics {
            #expect(!diagnostic.message.zh.isEmpty && diagnostic.message.zh != diagnostic.message.en, sourceLocation: sourceLocation)
            #expect(diagnostic.message.zh.contains { $0 >= "一" && $0 <= "鿿" }, "not Chinese: \(diagnostic.message.zh)")
        }
    }
}
