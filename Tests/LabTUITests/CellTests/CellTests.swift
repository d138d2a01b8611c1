import LabTUI
import TestSupport
import Testing

@Suite struct CellTests {
    init() { CellWidth.prepare() }

    private func buffer(_ columns: Int, _ rows: Int = 1) -> CellBuffer { CellBuffer(Size(columns: columns, rows: rows)) }

    @Test func widths() {
        #expect(CellWidth.of("abc") == 3)
        #expect(CellWidth.of("容器") == 4)
        #expect(CellWidth.of("e\u{301}") == 1)
        #expect(CellWidth.of("✔●…█") == 4)
        #expect(CellWidth.of("\u{1B}") == 1, "replaced")
        #expect(CellWidth.of("\u{202E}") == 0, "dropped")
    }

    @Test func aWideCharacterNeverStraddlesTheEdge() {
        var cells = buffer(5)
        #expect(cells.put("容器学", at: 0, 0) == 4)
        #expect(cells.plainText == "容器")
    }

    @Test func overwritingHalfOfAWideCharacterBlanksTheOther() {
        var cells = buffer(4)
        cells.put("容器", at: 0, 0)
        cells.put("x", at: 1, 0)
        #expect(cells.plainText == " x器")
        cells.put("y", at: 2, 0)
        #expect(cells.plainText == " xy")
    }

    @Test func marksJoinTheirCharacterAndFormatsVanish() {
        var cells = buffer(6)
        cells.put("e\u{301}\u{200D}z", at: 0, 0)
        #expect(cells.plainText == "e\u{301}z")
    }

    @Test func controlCharactersBecomeHarmless() {
        var cells = buffer(6)
        cells.put("a\u{1B}\u{7}b", at: 0, 0)
        #expect(cells.plainText == "a\u{FFFD}\u{FFFD}b")
    }

    @Test func wrapsAtBlanksAndBetweenChineseCharacters() {
        #expect(RichLine("one two three").wrapped(to: 8).map(\.text) == ["one two", "three"])
        #expect(RichLine("容器是进程，不是虚拟机。").wrapped(to: 10).map(\.text) == ["容器是进", "程，不是虚", "拟机。"])
        #expect(RichLine("abcdefghij").wrapped(to: 4).map(\.text) == ["abcd", "efgh", "ij"])
    }

    @Test func punctuationStaysWithItsWordAcrossStyles() {
        let bold = Style(-1, .bold)
        let line = RichLine([Span("any of "), Span("Siamese cat", bold), Span(". ImageNet")])
        #expect(line.wrapped(to: 18).map(\.text) == ["any of Siamese", "cat. ImageNet"])
        #expect(RichLine([Span("see ("), Span("docs", bold), Span(") now")]).wrapped(to: 9).map(\.text) == ["see", "(docs)", "now"])
        #expect(RichLine("运行（容器）吧").wrapped(to: 6).map(\.text) == ["运行", "（容", "器）吧"])
        // A word without a place to break is still broken.
        #expect(RichLine([Span("abcdef"), Span("ghij", bold)]).wrapped(to: 4).map(\.text) == ["abcd", "efgh", "ij"])
    }

    @Test(arguments: [" ", "\u{A0}", "\u{2009}", "\u{202F}"]) func groupedNumbersStayTogether(blank: String) {
        let number = "207\(blank)274"
        #expect(RichLine("it has \(number) weights").wrapped(to: 13).map(\.text) == ["it has", "\(number)", "weights"])
        #expect(RichLine("1\(blank)234\(blank)567 a b").wrapped(to: 10).map(\.text) == ["1\(blank)234\(blank)567", "a b"])
        // A year and a count are two numbers.
        #expect(RichLine("in 2026 274 of us").wrapped(to: 8).map(\.text) == ["in 2026", "274 of", "us"])
    }

    @Test func noLineIsWiderThanItsLimit() {
        let text = "Siamese cat. ImageNet （容器） has 207 274 weights, a-very-long-word-without-any-blank and 中文字 mixed (with brackets)."
        for limit in 2...60 {
            let lines = RichLine([Span(text)], hanging: 2).wrapped(to: limit)
            #expect(lines.allSatisfy { $0.columns <= limit }, "\(limit)")
            let letters = lines.map(\.text).joined().filter { $0 != " " }
            #expect(letters == text.filter { $0 != " " }, "\(limit)")
        }
    }

    @Test func proseIsNoWiderThanTheEyeFollows() {
        let text = String(repeating: "word ", count: 60)
        #expect(Markdown.lines(text, columns: 200, look: Look()).map(\.columns).max() ?? 0 <= Markdown.proseColumns)
        let code = "```\n" + String(repeating: "x", count: 120) + "\n```"
        #expect(Markdown.lines(code, columns: 200, look: Look()).map(\.columns).max() == 122, "a command is not prose")
    }

    @Test func truncatesByCells() {
        #expect("容器与镜像".truncated(to: 6) == "容器…")
        #expect("short".truncated(to: 6) == "short")
        #expect("容器".padded(to: 6) == "容器  ")
    }

    @Test func markdown() {
        let text = "# Head\n\nSome **bold** and `code`\nin one paragraph.\n\n- item one that is long\n  1. two\n\n```\ncode here\n```"
        let lines = Markdown.lines(text, columns: 24, look: Look()).map(\.text)
        #expect(
            lines == [
                "Head", "", "Some bold and code in", "one paragraph.", "", "• item one that is long", "  1. two", "", "  code here",
            ])
    }

    @Test func gaugeFillsExactly() {
        for share in [0, 0.01, 0.5, 0.999, 1, .nan, 7] {
            #expect(RichLine(Gauge(share).spans(columns: 10, Look())).columns == 10)
        }
    }

    @Test func aListsItemGoesOnInTheLinesBelowIt() {
        let lines = Markdown.lines("- one\n  two\n  three\n- four\n\nfive", columns: 40, look: Look()).map(\.text)
        #expect(lines == ["• one two three", "• four", "", "five"])
    }
}
