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
