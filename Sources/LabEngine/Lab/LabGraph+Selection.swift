package import LabSupport

extension LabGraph {
    /// The selected tasks in the order of the file. A selection is `3`, `3.4`, `3-4`, `3.2-3.5`, `all`, or several of these with commas.
    ///
    /// Throws `usage.step` with the unknown part and the available steps.
    package func select(_ text: String) throws(LabError) -> [TaskID] {
        var selected: Set<TaskID> = []
        let parts = text.split(separator: ",", omittingEmptySubsequences: false)
        for part in parts { selected.formUnion(try tasks(named: part.filter { !$0.isWhitespace })) }
        return tasks.filter(selected.contains)
    }

    private func tasks(named word: String) throws(LabError) -> [TaskID] {
        if word.lowercased() == "all" { return tasks }
        let ends = word.split(separator: "-", omittingEmptySubsequences: false).map(String.init)
        guard ends.count == 2 else { return try place(word) }
        let (first, last) = (try place(ends[0]), try place(ends[1]))
        guard let start = first.first, let end = last.last, start <= end else { throw backwards(word) }
        return tasks.filter { $0 >= start && $0 <= end }
    }

    /// The tasks of a step, or one task.
    private func place(_ word: String) throws(LabError) -> [TaskID] {
        let found = tasks.filter { $0.description == word || String($0.step) == word }
        if found.isEmpty { throw unknown(word) }
        return found
    }

    private var steps: [String] { Set(tasks.map(\.step)).sorted().map(String.init) }

    private func unknown(_ word: String) -> LabError {
        let nearest = nearest(to: word)
        return LabError(
            .usageStep,
            Text(
                en: "There is no step `\(word)`" + (nearest.map { "; did you mean `\($0)`?" } ?? "."),
                zh: "没有步骤 `\(word)`" + (nearest.map { "；是不是想写 `\($0)`？" } ?? "。")),
            hint: choices(for: word))
    }

    private func nearest(to word: String) -> String? {
        if let id = TaskID(word) { return nearest(to: id)?.description }
        if let number = Int(word) {
            return Set(tasks.map(\.step)).sorted().min { abs(Double($0) - Double(number)) < abs(Double($1) - Double(number)) }.map(
                String.init)
        }
        return NearestWord.to(word, among: word.contains(".") ? tasks.map(\.description) : steps + ["all"])
    }

    private func choices(for word: String) -> Text {
        if let id = TaskID(word), steps.contains(String(id.step)) {
            let list = tasks.filter { $0.step == id.step }.map(\.description)
            return Text(
                en: "Step \(id.step) has \(list.joined(separator: ", ")).", zh: "第 \(id.step) 步包含 \(list.joined(separator: "、"))。")
        }
        return Text(
            en: "Steps of this lab: \(steps.joined(separator: ", ")). `3.4` is one sub-step, `3-4` a range, `all` everything.",
            zh: "这个实验的步骤有：\(steps.joined(separator: "、"))。`3.4` 表示一个小节，`3-4` 表示一个范围，`all` 表示全部。")
    }

    private func backwards(_ word: String) -> LabError {
        LabError(
            .usageStep, Text(en: "The range `\(word)` is reversed.", zh: "范围 `\(word)` 前后颠倒了。"),
            hint: Text(en: "Put the earlier step first, as in `3-4`.", zh: "把靠前的步骤写在前面，例如 `3-4`。"))
    }
}
