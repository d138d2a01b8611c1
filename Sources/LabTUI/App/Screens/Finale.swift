package import LabEngine
import LabFile
import LabRunner
import LabSupport

/// The end of the lab: what came of it, and what to do with it.
package struct Finale: Sendable, Equatable {
    /// What cleaning would give back. Nil until that's known.
    package var cleanable: [WorkspaceObject]?

    package init() {}
}

/// Opens the finale, and handles its keys.
enum FinaleUpdate {
    static func open(_ model: inout AppModel) -> [AppEffect] {
        guard model.lab.tally.isComplete else {
            model.tell(FinaleWords.notYet)
            return []
        }
        model.overlays.removeAll { if case .finale = $0 { true } else { false } }
        model.overlays.append(.finale(Finale()))
        return model.settings.demoSpeed == nil ? [.findCleanable] : []
    }

    /// A run has ended. If it did the last that was left, that's the moment to show what came of it all.
    static func ended(_ model: inout AppModel) -> [AppEffect] {
        guard model.lab.tally.isComplete, !model.walkthrough.wasComplete, model.settings.demoSpeed == nil else { return [] }
        model.walkthrough.wasComplete = true
        return open(&model)
    }

    static func found(_ objects: [WorkspaceObject], _ model: inout AppModel) {
        for (index, overlay) in model.overlays.enumerated() {
            guard case .finale(var finale) = overlay else { continue }
            finale.cleanable = objects
            model.overlays[index] = .finale(finale)
        }
    }

    static func pressed(_ key: Key, _ model: inout AppModel) -> [AppEffect] {
        let command = model.settings.keys.command(for: key) { $0 != .searching }
        switch command {
        case .report?: return CommandUpdate.perform(.report, &model)
        case .language?: return CommandUpdate.perform(.language, &model)
        case .close?, .primary?: return OverlayUpdate.close(&model)
        default: return []
        }
    }
}

/// The lines of the finale.
package struct FinaleLines {
    private let finale: Finale
    private let model: AppModel

    package init(_ finale: Finale, _ model: AppModel) {
        self.finale = finale
        self.model = model
    }

    package func lines(columns: Int) -> [RichLine] {
        let look = model.look
        let rows = facts.map { [RichLine(model.say($0.0), look[.muted]), RichLine(model.say($0.1), look[.strong])] }
        let title = model.lab.spec.map { model.say($0.title) } ?? ""
        // A small window has room only for what there is to do.
        let texts =
            [FinaleWords.report, clean]
            + (model.size.rows < 24 ? [] : [FinaleWords.further(hasServer: model.lab.spec?.servers.isEmpty == false)])
        let rest = texts.flatMap { [RichLine([])] + Markdown.lines(model.say($0), columns: columns, look: look) }
        return RichLine([Span(look.glyphs.done + " ", look[.good]), Span(title)], hanging: 2).wrapped(to: columns) + [RichLine([])]
            + Table(rows).lines(columns: columns, ellipsis: look.glyphs.ellipsis) + rest
    }

    private var facts: [(Text, Text)] {
        let records = (model.lab.spec?.tasks ?? []).compactMap { model.lab.progress.records[$0.id] }
        var facts: [(Text, Text)] = []
        if let accuracy = records.compactMap({ $0.metrics["accuracy"]?.last?.value }).last {
            facts.append((FinaleWords.accuracy, Text(verbatim: ShownNumber.percent(share: accuracy, 1))))
        }
        let predictions = records.flatMap(\.predictions)
        if !predictions.isEmpty { facts.append((.prediction, Phrase.rightOf(predictions.count { $0.right }, predictions.count))) }
        let seconds = records.compactMap { $0.success?.seconds }.reduce(0, +)
        facts.append((FinaleWords.time, Text(verbatim: Phrase.clock(seconds))))
        facts.append((FinaleWords.done, Phrase.overall(model.lab.tally)))
        return facts
    }

    private var clean: Text {
        guard let objects = finale.cleanable else { return FinaleWords.clean(nil) }
        return FinaleWords.clean(objects.compactMap(\.bytes).clampedSum)
    }
}

/// Sentences of the finale.
enum FinaleWords {
    static let title = Text(en: "You finished the lab", zh: "实验完成")
    static let notYet = Text(en: "Some sub-steps are left; `l` lists them.", zh: "还有小节没有完成，按 `l` 查看列表。")
    static let accuracy = Text(en: "Accuracy", zh: "准确率")
    static let time = Text(en: "Time", zh: "用时")
    static let done = Text(en: "Sub-steps", zh: "小节")
    static let report = Text(
        en: "`R` writes the report that you hand in, next to your files.", zh: "按 `R` 在你的文件旁生成要提交的实验报告。")

    static func further(hasServer: Bool) -> Text {
        let play = Text(en: "`ailab break` breaks something on purpose, and you find the cause.", zh: "`ailab break` 故意制造一个故障，由你找出原因")
        let load = Text(en: " `ailab load` finds the limit of your server.", zh: "；`ailab load` 测量服务器的性能上限")
        return Text(en: play.en + (hasServer ? load.en : ""), zh: play.zh + (hasServer ? load.zh : "") + "。")
    }

    /// `bytes`: what comes back at most. Nil if that isn't known yet.
    static func clean(_ bytes: Int64?) -> Text {
        let size = bytes.map { $0 > 0 ? ByteSize.shown(Double($0)) : "" } ?? ""
        return size.isEmpty
            ? Text(
                en: "`ailab clean` then gives the disk space back. It lists what goes, and asks. Your files stay.",
                zh: "之后可运行 `ailab clean` 释放磁盘空间：它会先列出要删除的内容并询问。你的文件会保留。")
            : Text(
                en: "`ailab clean` then gives back up to \(size). It lists what goes, and asks. Your files stay.",
                zh: "之后可运行 `ailab clean` 释放最多 \(size)：它会先列出要删除的内容并询问。你的文件会保留。")
    }
}
