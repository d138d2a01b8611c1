package import LabFile
package import LabSupport

/// What a student has shown with a step, and what the step doesn't show.
package struct StepAccount: Sendable, Equatable {
    /// One thing that the step shows.
    package struct Line: Sendable, Equatable {
        package var text: Text
        /// All its tasks are done.
        package var isProved: Bool
        /// What the checks of its tasks found. Empty if they aren't done.
        package var evidence: [Text]
    }

    package let step: LabStep
    package var lines: [Line]

    package init(_ step: LabStep, _ progress: LabProgress) {
        self.step = step
        lines = step.proofs.map { proof in
            let isProved = proof.by.allSatisfy { progress.state(of: $0) == .done }
            let evidence = proof.by.compactMap { Self.evidence($0, progress) } + Self.authors(proof.by, progress)
            return Line(text: proof.text, isProved: isProved, evidence: isProved ? evidence : [])
        }
    }

    /// True if there is nothing to tell.
    package var isEmpty: Bool { lines.isEmpty && step.limits.isEmpty }

    /// The lab's words on what the step doesn't show.
    package var limits: [Text] { step.limits }

    /// Says that the reference solution was built, and not what the student wrote.
    private static func authors(_ tasks: [TaskID], _ progress: LabProgress) -> [Text] {
        tasks.filter { progress.records[$0]?.notices.contains { $0.code == LabBuildAction.usedReference } ?? false }.map { task in
            Text(en: "\(task): with the reference solution", zh: "\(task)：使用的是参考答案")
        }
    }

    private static func evidence(_ task: TaskID, _ progress: LabProgress) -> Text? {
        let record = progress.records[task]
        let captured = (record?.captured ?? []).reduce(into: [Text]()) { told, one in
            let text = words(one)
            if !told.contains(text) { told.append(text) }
        }
        if !captured.isEmpty {
            let list = Text(en: captured.map(\.en).joined(separator: ", "), zh: captured.map(\.zh).joined(separator: "，"))
            return Text(en: "\(task): \(list.en)", zh: "\(task)：\(list.zh)")
        }
        let predictions = record?.predictions ?? []
        if !predictions.isEmpty {
            let right = predictions.count(where: \.right)
            return Text(
                en: "\(task): \(right) of \(predictions.count) pictures correct", zh: "\(task)：\(right)/\(predictions.count) 张图片正确")
        }
        let checks = progress.checks(of: task)
        let passed = checks.count { $0.standing != .failed }
        guard !checks.isEmpty else { return nil }
        return Text(en: "\(task): \(passed) of \(checks.count) checks passed", zh: "\(task)：\(passed)/\(checks.count) 项检查通过")
    }

    /// A captured value with a person's words, if it's a share of right answers.
    private static func words(_ captured: Captured) -> Text {
        let value = SafeLines.clean(text: captured.value)
        guard captured.name.hasSuffix("accuracy"), let share = Double(value), (0...1).contains(share) else {
            return Text(verbatim: "\(captured.name) = \(value)")
        }
        let percent = ShownNumber.percent(share: share, 1)
        return Text(en: "accuracy \(percent)", zh: "准确率 \(percent)")
    }
}
