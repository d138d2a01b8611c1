import LabFile
import LabRunner
import LabSupport

extension ReportChart {
    /// A column of a table of results, over its rows. Nil if there are fewer than two values.
    init?(_ table: ResultTable, _ words: ReportWords) {
        let bars = table.bars(words.language)
        guard bars.count > 1, let chart = table.chart, let highest = bars.max(by: { $0.share < $1.share }) else { return nil }
        let last = Double(bars.count - 1)
        points = bars.enumerated().map { (Double($0.offset) / last, $0.element.share) }
        marks = bars.enumerated().map { (Double($0.offset) / last, $0.element.label) }
        (top, bottom) = (highest.value, "0")
        title = table.columns[chart.column].title[words.language]
        horizontal = chart.labels.map { table.columns[$0].title[words.language] }.joined(separator: " × ")
        let list = bars.map { "\($0.label): \($0.value)" }.joined(separator: words.pick(", ", "，"))
        alternative = words.pick("\(title) – \(list).", "\(title)：\(list)。")
    }
}
