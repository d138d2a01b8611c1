package import LabRunner
package import LabSupport

/// A report as headings, paragraphs, tables and lists in one language. The formats differ only in how they write these.
package struct ReportDocument: Sendable, Equatable {
    /// A piece of a line.
    package enum Span: Sendable, Equatable {
        /// ailab's own words.
        case words(String)
        case strong(String)
        /// A command, a name, or another program's text.
        case code(String)
        /// A date with its time, which must not be split between lines.
        case time(String)
        case state(TaskState, String)
        /// A link to a heading's anchor.
        case link(String, to: String)
    }

    /// Splits one of ailab's sentences: text between backquotes is code.
    static func marked(_ text: String) -> [Span] {
        let parts = text.split(separator: "`", omittingEmptySubsequences: false)
        guard parts.count % 2 == 1 else { return [.words(text)] }
        return parts.enumerated().compactMap { index, part in
            part.isEmpty ? nil : index % 2 == 1 ? .code(String(part)) : .words(String(part))
        }
    }

    /// A column of texts or of numbers.
    package struct Column: Sendable, Equatable {
        package var title: String
        package var isNumber = false
        /// Its cells are the headers of their rows.
        package var isHeader = false
    }

    package enum Block: Sendable, Equatable {
        /// Level 1 to 3. Links use the anchor.
        case heading(Int, [Span], anchor: String)
        case text([Span])
        case list([[Span]])
        /// Names and values.
        case facts([(String, [Span])])
        case table([Column], [[[Span]]], caption: String)
        /// Lines of a shell or another program.
        case lines([String])
        case chart(ReportChart)
        /// A box with warnings.
        case warning([[Span]], title: String)

        package static func == (a: Block, b: Block) -> Bool { "\(a)" == "\(b)" }
    }

    package var language: Language
    package var title: String
    package var blocks: [Block] = []
}

/// A curve, and its description for people who can't see it.
package struct ReportChart: Sendable, Equatable {
    /// From the first to the last, 0…1 on both axes. y grows upwards.
    package var points: [(x: Double, y: Double)]
    /// The starts of epochs, 0…1, with their numbers.
    package var marks: [(x: Double, label: String)]
    package var top: String
    package var bottom: String
    package var title: String
    /// The curve's description in words.
    package var alternative: String
    package var horizontal: String

    package static func == (a: ReportChart, b: ReportChart) -> Bool { "\(a)" == "\(b)" }

    /// The maximum number of points in the drawing.
    private static let maximumPoints = 240

    /// Nil if there are fewer than two points.
    init?(_ training: LabReport.Training, _ words: ReportWords) {
        let all = training.losses
        guard all.count > 1, let first = all.first, let last = all.last else { return nil }
        let values = all.map(\.loss)
        guard let lowest = values.min(), let highest = values.max() else { return nil }
        let span = highest > lowest ? highest - lowest : 1
        // Both extremes of each group are kept, so that spikes stay visible.
        let size = max(1, (all.count + Self.maximumPoints / 2 - 1) / (Self.maximumPoints / 2))
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
        // More labels would overlap.
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
