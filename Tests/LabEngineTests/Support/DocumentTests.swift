import LabSupport
import TestSupport
import Testing

/// A reader sees each page of Markdown as it was meant.
@Suite("Documents")
struct DocumentTests {
    /// The rows of tables that GitHub would show as plain text or with a cell too few or too many, each with its number. A bar ends a cell also
    /// within backticks, unless it's escaped.
    static func brokenRows(_ page: String) -> [String] {
        let lines = page.split(separator: "\n", omittingEmptySubsequences: false)
        var broken: [String] = []
        var isCode = false
        var columns: Int?
        for (index, line) in lines.enumerated() {
            if line.drop(while: \.isWhitespace).hasPrefix("```") { isCode.toggle() }
            guard !isCode, line.hasPrefix("|") else {
                columns = nil
                continue
            }
            let bars = line.replacing("\\|", with: "").count { $0 == "|" }
            if columns == nil, index + 1 == lines.count || lines[index + 1].wholeMatch(of: /\|[-| :]+\|/) == nil {
                broken.append("\(index + 1): no line of dashes below: \(line)")
            } else if bars != columns ?? bars {
                broken.append("\(index + 1): \(bars) bars instead of \(columns ?? 0): \(line)")
            }
            columns = columns ?? bars
        }
        return broken
    }

    @Test func theRuleSeesABrokenTable() {
        let head = "| a | b |\n|---|---|\n"
        for table in [head + "| `x|y` | z |", head + "| x |", head + "| x | y |\n\n| x | y |", "| a | b |\n| x | y |", "| a | b |"] {
            #expect(Self.brokenRows(table).count == 1, "\(table)")
        }
        for table in [head + "| `x\\|y` | z |", head + "| x | |\n\ntext | text", "```\n| x\n```", "    | x"] {
            #expect(Self.brokenRows(table) == [], "\(table)")
        }
    }

    @Test func tablesAreWhole() throws {
        let below = ["docs", "labs", "Sources"].flatMap { folder in Files.tree("\(Program.checkout)/\(folder)").map { "\(folder)/\($0)" } }
        let pages = (Files.names(in: Program.checkout) + below).filter { $0.hasSuffix(".md") }
        #expect(pages.count > 100)
        let broken = try pages.flatMap { page in
            Self.brokenRows(try Files.text("\(Program.checkout)/\(page)")).map { "\(page):\($0)" }
        }
        #expect(broken.isEmpty, "\(broken.joined(separator: "\n"))")
    }
}
