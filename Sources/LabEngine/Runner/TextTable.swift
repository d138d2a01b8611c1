/// A table as text: each column is as wide as its widest cell.
package enum TextTable {
    /// The rows as lines of one text.
    package static func text(_ rows: [[String]]) -> String { lines(rows).joined(separator: "\n") }

    /// Columns are padded by terminal cells. East Asian characters take two of them.
    package static func lines(_ rows: [[String]]) -> [String] {
        let count = rows.map(\.count).max() ?? 0
        let widths = (0..<count).map { column in rows.map { column < $0.count ? width($0[column]) : 0 }.max() ?? 0 }
        return rows.map { row in
            row.enumerated().map { index, cell in
                index == row.count - 1 ? cell : cell + String(repeating: " ", count: max(0, widths[index] - width(cell)))
            }.joined(separator: "  ")
        }
    }

    private static func width(_ text: String) -> Int {
        text.unicodeScalars.reduce(0) { $0 + (0x1100...0xFFDC ~= $1.value && !(0x2000...0x2E7F ~= $1.value) ? 2 : 1) }
    }
}
