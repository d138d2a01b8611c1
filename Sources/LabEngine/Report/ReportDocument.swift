package import LabRunner
package import LabSupport

/// A report as headings, paragraphs, tables and lists in one language: what its forms differ in is only how they write these.
package struct ReportDocument: Sendable, Equatable {
    /// A piece of a line.
    package enum Span: Sendable, Equatable {
        /// ailab's own words.
        case words(String)
        case strong(String)
        /// A command, a name, another program's words.
        case code(String)
        /// A date with its time, which stays on one line.
        case time(String)
        case state(TaskState, String)
        /// Leads to a heading's anchor.
        case link(String, to: String)
    }

    /// A sentence of ailab's as it is written everywhere: what stands between backquotes is code.
    static func marked(_ text: String) -> [Span] {
        let parts = text.split(separator: "`", omittingEmptySubsequences: false)
        guard parts.count % 2 == 1 else { return [.words(text)] }
        return parts.enumerated().compactMap { index, part in
            part.isEmpty ? nil : index % 2 == 1 ? .code(String(part)) : .words(String(part))
        }
    }

    /// A cell that is text or numbers.
    package struct Column: Sendable, Equatable {
        package var title: String
        package var isNumber = false
        /// Its cells name their rows.
        package var isHeader = false
    }

    package enum Block: Sendable, Equatable {
        /// Level 1 to 3; the anchor names it for links.
        case heading(Int, [Span], anchor: String)
        case text([Span])
        case list([[Span]])
        /// Names and what they are.
        case facts([(String, [Span])])
        case table([Column], [[[Span]]], caption: String)
        /// Lines as another program or a shell has them.
        case lines([String])
        case chart(ReportChart)
        /// What stands between two of these belongs together, and is warned of.
        case warning([[Span]], title: String)

        package static func == (a: Block, b: Block) -> Bool { "\(a)" == "\(b)" }
    }

    package var language: Language
    package var title: String
    package var blocks: [Block] = []
}

/// A curve with its words for those who cannot see it.
package struct ReportChart: Sendable, Equatable {
    /// From the first to the last, 0…1 each way; y grows upwards.
    package var points: [(x: Double, y: Double)]
    /// Where a new epoch begins, 0…1, with its number.
    package var marks: [(x: Double, label: String)]
    package var top: String
    package var bottom: String
    package var title: String
    /// What the curve shows, in words.
    package var alternative: String
    package var horizontal: String

    package static func == (a: ReportChart, b: ReportChart) -> Bool { "\(a)" == "\(b)" }

    /// Most points that are drawn.
    private static let most = 240

    /// Nil where there are not two numbers to join.
    init?(_ training: LabReport.Training, _ words: ReportWords) {
        let all = training.losses
        guard all.count > 1, let first = all.first, let last = all.last else { return nil }
        let values = all.map(\.loss)
        guard let lowest = values.min(), let highest = values.max() else { return nil }
        let span = highest > lowest ? highest - lowest : 1
        // The extremes of each group, so that a spike is not lost.
        let size = max(1, (all.count + Self.most / 2 - 1) / (Self.most / 2))
        let width = Double(all.count - 1)
        points = stride(from: 0, to: all.count, by: size).flatMap { start -> [(x: Double, y: Double)] in
            let group = start..<min(all.count, start + size)
            let low = group.min { values[$0] < values[$1] } ?? start
            let high = group.max { values[$0] < values[$1] } ?? start
            return Set([low, high]).sorted().map { (Double($0) / width, (values[$0] - lowest) / span) }
        }
        let begins: [(x: Double, label: String)] = all.indices.compactMap { index in
            guard let epoch = all[index].epoch, index == 0 || all[index - 1].epoch != epoch else { return nil }
            return (Double(index) / width, words.count(epoch))
        }
        // More numbers than these would stand over each other.
        let every = max(1, begins.count / 10)
        marks = begins.count > 20 ? begins.enumerated().filter { $0.offset % every == 0 }.map(\.element) : begins
        (top, bottom) = (words.number(highest, 3), words.number(lowest, 3))
        title = words.pick("Loss", "损失")
        horizontal = words.pick("epoch", "轮")
        let epochs = Set(all.compactMap(\.epoch)).count
        alternative = words.pick(
            "The loss goes from \(words.number(first.loss, 3)) to \(words.number(last.loss, 3)) in \(epochs) epochs, between "
                + "\(words.number(lowest, 3)) and \(words.number(highest, 3)).",
            "损失在 \(epochs) 轮中从 \(words.number(first.loss, 3)) 变为 \(words.number(last.loss, 3))，介于 \(words.number(lowest, 3)) 和 "
                + "\(words.number(highest, 3)) 之间。")
    }
}
