import LabFile

/// Decides which commands are available now.
package struct Situation {
    private let model: AppModel

    package init(_ model: AppModel) { self.model = model }

    package func holds(_ availability: Availability) -> Bool {
        let walkthrough = model.walkthrough
        let task = walkthrough.selected.flatMap { model.lab.spec?.task($0) }
        switch availability {
        case .always: return true
        case .quiet: return false
        case .idle: return task != nil && model.lab.livingRun == nil
        case .running: return model.lab.livingRun != nil
        case .hasFile: return task.flatMap { model.lab.spec?.studentFile(usedBy: $0) } != nil
        case .hasHints: return task.flatMap { model.lab.spec?.helper(of: $0) }.map { $0.hintCount > 0 } ?? false
        case .hasCommand: return task.map { !model.lab.commands(of: $0.id).isEmpty } ?? false
        case .inOutput: return walkthrough.tab == .output && !walkthrough.log.isEmpty
        case .searching: return walkthrough.tab == .output && !walkthrough.logView.search.isEmpty
        }
    }
}
