import ArgumentParser
import LabEngine
import LabFile
import LabSupport

/// What a removal is about to take away, shown and agreed to before anything goes.
struct Removal {
    let objects: [WorkspaceObject]
    let isJSON: Bool
    private let words = Words(language: Console.language)

    init(_ objects: [WorkspaceObject], isJSON: Bool) {
        self.objects = objects
        self.isJSON = isJSON
    }

    /// Names every object with its size.
    func show() {
        guard !isJSON else { return }
        for object in objects { Console.output("  " + words.object(object)) }
        let images = objects.contains { $0.kind == .image }
        Console.output(words.total(objects.count, objects.compactMap(\.bytes).clampedSum, sharesLayers: images))
    }

    /// Asks once on a terminal. Throws wrong usage if nobody can be asked and `--yes` was not given.
    func isAgreed(yes: Bool) throws -> Bool {
        if yes { return true }
        guard Console.inputIsTerminal, Console.errorIsTerminal, !isJSON else {
            throw LabError(
                .usageYes, Text(en: "Nothing was removed: there is no terminal to ask at.", zh: "没有删除任何内容：没有可供确认的终端。"),
                hint: Text(en: "Add --yes to remove what is listed.", zh: "加上 --yes 即可删除列出的内容。"))
        }
        return Console.ask(words.mayRemove)
    }

    /// One object a line: what it was, and whether it is gone.
    func report(_ left: [(object: WorkspaceObject, reason: LabError)], isDone: Bool) {
        for object in objects {
            let reason = left.first { $0.object == object }?.reason
            if isJSON { Console.output(json(object, isRemoved: isDone && reason == nil, reason)) }
            guard !isJSON, let reason else { continue }
            Console.error(words.stays(object, reason.message[words.language]))
            if let hint = reason.hint { Console.error("  → \(hint[words.language])") }
        }
        if !isJSON, isDone, !objects.isEmpty { Console.output(words.removed(objects.count - left.count)) }
    }

    private func json(_ object: WorkspaceObject, isRemoved: Bool, _ reason: LabError?) -> String {
        JSONText.line(
            Answer(
                kind: object.kind.rawValue, name: object.name, id: object.id, bytes: object.bytes, task: object.task,
                running: object.isRunning, removed: isRemoved, reason: reason?.message[words.language]))
    }

    private struct Answer: Encodable {
        var kind: String
        var name: String
        var id: String
        @OrNull var bytes: Int64?
        @OrNull var task: TaskID?
        var running: Bool
        var removed: Bool
        @OrNull var reason: String?
    }
}
