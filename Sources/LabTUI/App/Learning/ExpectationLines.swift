import LabFile
import LabRunner
import LabSupport

/// What the student expected of a task, beside what came of it.
package struct ExpectationLines {
    private let expectation: Expectation?
    private let model: AppModel

    /// For the selected task.
    package init(_ model: AppModel) {
        self.model = model
        expectation = model.walkthrough.selected.flatMap { model.lab.spec?.task($0) }.flatMap { Expectation($0, model.lab.progress) }
    }

    /// There is a result to compare with.
    var isDecided: Bool { expectation?.outcome != nil }

    private var isOnlyRead: Bool {
        model.walkthrough.selected.flatMap { model.lab.spec?.task($0) }?.isOnlyRead == true
    }

    /// Empty if the student expected nothing.
    package func lines(columns: Int) -> [RichLine] {
        guard let expectation else { return [] }
        let look = model.look
        let heading = RichLine(model.say(LearningWords.expectation), look[.heading])
        let told = expectation.lines.map { model.say($0) }
        return [heading] + told.flatMap { Markdown.lines($0, columns: columns, look: look) }
    }

    /// The same in front of other lines.
    func before(_ lines: [RichLine], columns: Int) -> [RichLine] {
        let own = self.lines(columns: columns)
        return own.isEmpty ? lines : own + [RichLine([])] + lines
    }

    /// The rows above the output: nothing before there is a result, and never more than a third of the pane.
    func rows(in rect: Rect) -> Int {
        guard isDecided, !isOnlyRead else { return 0 }
        let count = lines(columns: rect.columns).count + 1
        return count <= rect.rows / 2 ? count : 0
    }

    func draw(in rect: Rect, on buffer: inout CellBuffer) {
        TextPane(lines(columns: rect.columns)).draw(in: rect, on: &buffer, model.look)
    }
}
