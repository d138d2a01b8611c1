import LabSupport

/// Figures that a task printed as one flat JSON object, as a card for people. Nil for any other output.
struct ResultCard {
    /// A value of the object, as it's written.
    private struct Entry {
        var key: String
        var value: String
        /// It stood in quotes: `"2.10"` is a version, and no number.
        var isText: Bool

        var number: Double? { isText ? nil : Double(value) }
    }

    private static let maximumLines = 40

    private let entries: [Entry]
    private let model: AppModel

    init?(_ log: LogBuffer, _ model: AppModel) {
        // The object is the whole output, with one key in each line.
        guard log.current == nil, log.firstLine == 0, log.skipped == 0, (3...Self.maximumLines).contains(log.count) else { return nil }
        guard log.bytes(of: 0).elementsEqual("{".utf8) else { return nil }
        let lines = (1..<log.endLine).map { String(decoding: log.bytes(of: $0), as: UTF8.self).trimmed }.filter { !$0.isEmpty }
        guard lines.last == "}" else { return nil }
        let entries = lines.dropLast().map(Self.entry)
        guard !entries.isEmpty, entries.allSatisfy({ $0 != nil }) else { return nil }
        self.entries = entries.compactMap(\.self)
        self.model = model
    }

    private static func entry(_ line: String) -> Entry? {
        let bare = line.hasSuffix(",") ? String(line.dropLast()) : line
        guard bare.first == "\"", let end = bare.range(of: "\": ") else { return nil }
        let key = String(bare[bare.index(after: bare.startIndex)..<end.lowerBound])
        var value = String(bare[end.upperBound...])
        guard let first = value.first, !"[{".contains(first), !value.contains("\\") else { return nil }
        let isText = value.count > 1 && first == "\"" && value.last == "\""
        if isText { value = String(value.dropFirst().dropLast()) }
        return Entry(key: key, value: value, isText: isText)
    }

    private func number(_ key: String) -> Double? { entries.first { $0.key == key }?.number }

    func lines(columns: Int) -> [RichLine] {
        let look = model.look
        let told: Set = ["schema", "accuracy", "correct", "total"]
        let rows = entries.filter { !told.contains($0.key) || ($0.key != "schema" && number("accuracy") == nil) }.map { entry in
            [RichLine(name(entry.key), look[.muted]), RichLine(shown(entry))]
        }
        let rest = Table(rows).lines(columns: columns, ellipsis: look.glyphs.ellipsis)
        return headline(columns: columns) + rest + [RichLine([]), RichLine(model.say(.asPrinted), look[.muted])]
    }

    /// The accuracy as a bar, and how many answers that is.
    private func headline(columns: Int) -> [RichLine] {
        guard let share = number("accuracy"), (0...1).contains(share) else { return [] }
        let look = model.look
        let title = model.say(.accuracy) + " "
        let percent = " " + ShownNumber.percent(share: share, 2)
        let bar = min(30, max(8, columns - CellWidth.of(title + percent)))
        var lines = [RichLine([Span(title, look[.strong])] + Gauge(share).spans(columns: bar, look) + [Span(percent, look[.strong])])]
        if let right = number("correct"), let all = number("total") {
            lines.append(RichLine(model.say(Phrase.rightOf(Self.grouped(right), Self.grouped(all)))))
        }
        return lines + [RichLine([])]
    }

    private func name(_ key: String) -> String {
        Self.names[key].map { model.say($0) } ?? key.replacing("_", with: " ")
    }

    private func shown(_ entry: Entry) -> String {
        if !entry.isText, let truth = Bool(entry.value) { return model.say(truth ? .keyYes : .keyNo) }
        guard let number = entry.number else { return SafeLines.clean(text: entry.value) }
        if entry.key == "seconds" { return Phrase.clock(number) }
        return number == number.rounded()
            ? Self.grouped(number) : number.magnitude < 100 ? ShownNumber.significant(number) : Self.grouped(number)
    }

    /// `207,274`
    private static func grouped(_ number: Double) -> String {
        var digits = String(Int(shown: number.magnitude.rounded()))
        var groups: [String] = []
        while digits.count > 3 {
            groups.insert(String(digits.suffix(3)), at: 0)
            digits.removeLast(3)
        }
        return (number < 0 ? "-" : "") + ([digits] + groups).joined(separator: ",")
    }

    /// The names that trainings use for their figures.
    private static let names: [String: Text] = [
        "test_loss": Text(en: "test loss", zh: "测试损失"), "epochs": Text(en: "epochs", zh: "轮次"),
        "samples": Text(en: "training samples", zh: "训练样本"), "quick": Text(en: "quick", zh: "快速模式"),
        "seconds": Text(en: "training time", zh: "训练用时"), "samples_per_second": Text(en: "samples a second", zh: "每秒样本数"),
        "device": Text(en: "device", zh: "设备"), "device_name": Text(en: "processor", zh: "处理器"),
        "threads": Text(en: "threads", zh: "线程"), "torch": Text(verbatim: "PyTorch"), "seed": Text(en: "seed", zh: "随机种子"),
        "batch_size": Text(en: "batch size", zh: "批大小"), "parameters": Text(en: "weights", zh: "参数量"),
    ]
}

extension Text {
    fileprivate static let asPrinted = Text(en: "↑ in this pane shows it as printed.", zh: "在此窗格按 ↑ 查看原始输出。")
}
