import LabFile
import LabRunner
import LabSupport

/// The table of all sub-steps, and then the trainings and predictions.
struct ReportTables {
    let report: LabReport
    let words: ReportWords

    var blocks: [ReportDocument.Block] { subSteps + training + predictions }

    private func column(_ en: String, _ zh: String, isNumber: Bool = false, isHeader: Bool = false) -> ReportDocument.Column {
        ReportDocument.Column(title: words.pick(en, zh), isNumber: isNumber, isHeader: isHeader)
    }

    private var subSteps: [ReportDocument.Block] {
        let title = words.pick("All sub-steps", "全部小节")
        let columns = [
            column("No.", "编号"), column("Sub-step", "小节", isHeader: true), column("State", "状态"), column("When", "时间"),
            column("Took", "用时", isNumber: true), column("Run", "运行", isNumber: true), column("Attempts", "尝试次数", isNumber: true),
            column("Remarks", "备注"),
        ]
        let rows = report.tasks.map { task -> [[ReportDocument.Span]] in
            let shown = task.shown
            let when = task.counted == nil ? task.doneAt ?? shown?.began : shown?.began
            return [
                [task.isTold ? .link(task.id.description, to: Self.anchor(task.id)) : .words(task.id.description)],
                [.words(task.title[words.language])],
                [.state(task.state, words.state(task))], [.time(when.map { words.moment($0) } ?? "")],
                [.words(shown?.seconds.map { words.duration($0) } ?? "")], [.words((shown?.run ?? task.doneIn).map(String.init) ?? "")],
                [.words(task.attempts.isEmpty ? "" : String(task.attempts.count))],
                [.words(remarks(task).joined(separator: words.pick(", ", "、")))],
            ]
        }
        return [.heading(2, [.words(title)], anchor: "substeps"), .table(columns, rows, caption: title)]
    }

    static func anchor(_ id: TaskID) -> String { "task-\(id.step)-\(id.number)" }

    private func remarks(_ task: LabReport.SubStep) -> [String] {
        var remarks: [String] = []
        let options = task.shown.flatMap { report.run($0.run) }?.options
        if task.isHomework { remarks.append(words.pick("homework", "作业")) }
        if task.hasOwnFile { remarks.append(words.pick("own file", "自己的文件")) }
        if task.usesReference { remarks.append(words.pick("reference solution", "参考答案")) }
        if let hint = task.hints { remarks.append(words.pick("hints \(hint.number)/\(hint.all)", "提示 \(hint.number)/\(hint.all)")) }
        if !task.standIns.isEmpty { remarks.append(words.pick("stand-in", "替代镜像")) }
        if task.isByHand { remarks.append(words.pick("by hand", "手动完成")) }
        if options?.auto == true { remarks.append("--auto") }
        if options?.quick == true { remarks.append("--quick") }
        if task.checks.contains(where: { $0.standing == .past }) { remarks.append(words.pick("not checked again", "未再次检查")) }
        return remarks
    }

    // MARK: Training

    private var training: [ReportDocument.Block] {
        let trained = report.tasks.compactMap { task in task.shown.flatMap { $0.training.isEmpty ? nil : (task, $0) } }
        return trained.flatMap { task, attempt -> [ReportDocument.Block] in
            let title = words.pick("Training (\(task.id))", "训练（\(task.id)）")
            var blocks: [ReportDocument.Block] = [.heading(2, [.words(title)], anchor: "training-\(task.id.step)-\(task.id.number)")]
            var lines: [[ReportDocument.Span]] = []
            if let accuracy = attempt.training.accuracy {
                lines.append([.words(words.pick("Final accuracy: ", "最终准确率：")), .strong(words.percent(accuracy))])
            }
            lines += attempt.captured.map { [.code($0.name), .words(" = "), .code($0.value)] }
            if !lines.isEmpty { blocks.append(.list(lines)) }
            if let chart = ReportChart(attempt.training, words) { blocks.append(.chart(chart)) }
            if !attempt.training.epochs.isEmpty { blocks.append(epochs(attempt.training, title)) }
            return blocks
        }
    }

    private func epochs(_ training: LabReport.Training, _ title: String) -> ReportDocument.Block {
        let known = ["loss", "accuracy", "samples_per_second"]
        let names = Set(training.epochs.flatMap { $0.last.keys })
        let others = names.subtracting(known).sorted().prefix(4)
        var columns = [column("Epoch", "轮", isNumber: true, isHeader: true)]
        if names.contains("loss") {
            columns += [column("Loss, mean", "平均损失", isNumber: true), column("Loss at its end", "结束时损失", isNumber: true)]
        }
        if names.contains("accuracy") { columns.append(column("Accuracy", "准确率", isNumber: true)) }
        columns += others.map { ReportDocument.Column(title: $0, isNumber: true) }
        if names.contains("samples_per_second") { columns.append(column("Samples a second", "每秒样本数", isNumber: true)) }
        let rows = training.epochs.map { epoch -> [[ReportDocument.Span]] in
            var cells = [words.count(epoch.number)]
            func cell(_ value: Double?, _ show: (Double) -> String) { cells.append(value.map(show) ?? "") }
            if names.contains("loss") {
                cell(epoch.mean["loss"]) { words.number($0, 4) }
                cell(epoch.last["loss"]) { words.number($0, 4) }
            }
            if names.contains("accuracy") { cell(epoch.last["accuracy"]) { words.percent($0) } }
            for name in others { cell(epoch.last[name]) { words.number($0, 4) } }
            if names.contains("samples_per_second") { cell(epoch.mean["samples_per_second"]) { words.number($0, 0) } }
            return cells.map { [.words($0)] }
        }
        return .table(columns, rows, caption: title)
    }

    // MARK: Predictions

    private var predictions: [ReportDocument.Block] {
        let asked = report.tasks.flatMap { task in (task.shown?.predictions ?? []).map { (task.id, $0) } }
        guard !asked.isEmpty else { return [] }
        let title = words.pick("Predictions", "预测")
        let right = asked.count { $0.1.right }
        let columns = [
            column("No.", "编号"), column("Model", "模型"), column("Picture", "图片", isHeader: true), column("Is right with", "正确答案"),
            column("Answer", "回答"), column("Right", "是否正确"), column("Took", "用时", isNumber: true),
        ]
        let rows = asked.map { id, prediction -> [[ReportDocument.Span]] in
            [
                [.words(id.description)], [.code(prediction.model)], [.code(prediction.picture)],
                list(prediction.expected.map { [.code($0)] }),
                list(answers(prediction).map { [.code($0.label), .words(" \(words.percent($0.probability))")] }),
                [.strong(prediction.right ? words.pick("✔ right", "✔ 正确") : words.pick("✘ wrong", "✘ 错误"))],
                [.words("\(words.number(prediction.seconds * 1000, 0)) ms")],
            ]
        }
        return [
            .heading(2, [.words(title)], anchor: "predictions"),
            .text([.words(words.pick("\(right) of \(asked.count) right.", "\(asked.count) 个中 \(right) 个正确。"))]),
            .table(columns, rows, caption: title),
        ]
    }

    /// The best three labels, without those that have a very small share.
    private func answers(_ prediction: Prediction) -> [Prediction.Label] {
        prediction.top.prefix(3).enumerated().filter { $0.offset == 0 || $0.element.probability >= 0.0005 }.map(\.element)
    }

    private func list(_ items: [[ReportDocument.Span]]) -> [ReportDocument.Span] {
        items.enumerated().flatMap { $0.offset == 0 ? $0.element : [.words(words.pick(", ", "、"))] + $0.element }
    }
}
