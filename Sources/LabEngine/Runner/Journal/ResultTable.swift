import FoundationEssentials
package import LabFile
package import LabSupport

/// A table of what a task measured. It's part of a fact, and every view draws it in its own way.
package struct ResultTable: Sendable, Equatable, Codable {
    package typealias Column = LabColumn

    /// A number, a text, or neither if nothing was measured.
    package struct Cell: Sendable, Equatable, Codable {
        package var number: Double?
        package var text: Text?

        package static func number(_ value: Double?) -> Cell { Cell(number: value.flatMap { $0.isFinite ? $0 : nil }, text: nil) }
        package static func text(_ text: Text) -> Cell { Cell(number: nil, text: text) }
    }

    /// What to draw: a column of numbers, over the rows that have one.
    package struct Chart: Sendable, Equatable, Codable {
        package var column: Int
        /// The columns that name a row.
        package var labels: [Int]

        package init(column: Int, labels: [Int]) {
            self.column = column
            self.labels = labels
        }
    }

    package var title: Text
    package var columns: [Column]
    package var rows: [[Cell]] = []
    package var chart: Chart?

    package init(title: Text, columns: [Column], rows: [[Cell]] = [], chart: Chart? = nil) {
        self.title = title
        self.columns = columns
        self.rows = rows
        self.chart = chart
    }
}

extension ResultTable {
    /// A cell as it's shown.
    package func shown(_ row: Int, _ column: Int, _ language: Language) -> String {
        guard rows.indices.contains(row), rows[row].indices.contains(column), columns.indices.contains(column) else { return "" }
        let cell = rows[row][column]
        if let text = cell.text { return text[language] }
        guard let number = cell.number else { return "–" }
        switch columns[column].form {
        case .share: return ShownNumber.percent(share: number)
        case .text, .number: return number == number.rounded() ? ShownNumber.fixed(number, 0) : ShownNumber.significant(number)
        }
    }

    /// The titles, and then the rows.
    package func lines(_ language: Language) -> [[String]] {
        [columns.map { $0.title[language] }] + rows.indices.map { row in columns.indices.map { shown(row, $0, language) } }
    }

    /// The table for views that show only text.
    package var text: Text {
        Text(en: title.en + "\n" + TextTable.text(lines(.en)), zh: title.zh + "\n" + TextTable.text(lines(.zh)))
    }

    /// A bar of the chart: the row's name, the value as it's shown, and its share of the largest.
    package struct Bar: Sendable, Equatable {
        package var label: String
        package var value: String
        package var share: Double
    }

    /// The bars of the chart. Empty if there's nothing to compare.
    package func bars(_ language: Language) -> [Bar] {
        guard let chart else { return [] }
        let values = rows.enumerated().compactMap { row, cells in
            cells.indices.contains(chart.column) ? cells[chart.column].number.map { (row, $0) } : nil
        }
        guard values.count > 1, let largest = values.map(\.1).max(), largest > 0 else { return [] }
        return values.map { row, value in
            let label = chart.labels.map { shown(row, $0, language) }.joined(separator: " × ")
            return Bar(label: label, value: shown(row, chart.column, language), share: value / largest)
        }
    }

    /// The same with other texts in the cells.
    package func mapTexts(_ change: (Text) -> Text) -> ResultTable {
        var table = self
        table.rows = rows.map { $0.map { Cell(number: $0.number, text: $0.text.map(change)) } }
        return table
    }
}

/// The file of results that an action leaves in the workspace. Checks read it by JSON pointers: `/runs/0/p99`.
struct ResultFile: Encodable {
    private struct Key: CodingKey {
        var stringValue: String
        var intValue: Int? { nil }
        init(_ text: String) { stringValue = text }
        init?(stringValue: String) { self.init(stringValue) }
        init?(intValue: Int) { nil }
    }

    private struct Row: Encodable {
        var columns: [ResultTable.Column]
        var cells: [ResultTable.Cell]

        func encode(to encoder: any Encoder) throws {
            var container = encoder.container(keyedBy: Key.self)
            for (column, cell) in zip(columns, cells) {
                if let text = cell.text {
                    try container.encode(text.en, forKey: Key(column.name))
                } else {
                    try container.encode(cell.number, forKey: Key(column.name))
                }
            }
        }
    }

    /// By name. Each becomes a list of rows.
    var tables: [String: ResultTable]
    /// Single figures.
    var figures: [String: Double] = [:]

    func encode(to encoder: any Encoder) throws {
        var container = encoder.container(keyedBy: Key.self)
        for (name, table) in tables {
            try container.encode(table.rows.map { Row(columns: table.columns, cells: $0) }, forKey: Key(name))
        }
        for (name, value) in figures { try container.encode(value, forKey: Key(name)) }
    }

    var bytes: [UInt8] {
        get throws {
            let encoder = JSONEncoder()
            encoder.outputFormatting = [.sortedKeys, .prettyPrinted]
            return Array(try encoder.encode(self)) + [0x0A]
        }
    }
}

extension TaskContext {
    /// Shows a table of results. A later one with the same name replaces it.
    func results(_ name: String, _ table: ResultTable) {
        emit(.fact(Fact(name: name, text: table.text, table: table)))
    }

    /// Removes the results of an earlier time. If this run is killed, they must not count for it.
    func forgetResults(_ path: String) throws { try run.workFile(path).remove() }

    /// Leaves the results in the workspace.
    func save(_ results: ResultFile, to path: String) throws {
        let file = run.workFile(path)
        let folder = path.split(separator: "/").dropLast().joined(separator: "/")
        try run.workFile(folder.isEmpty ? "." : folder).makeDirectory()
        try file.write(try results.bytes)
        created(.file, path)
    }
}
