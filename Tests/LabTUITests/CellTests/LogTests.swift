import LabFile
import LabRunner
import LabSupport
import LabTUI
import TestSupport
import Testing

@Suite struct LogTests {
    private func log(_ text: String) -> LogBuffer {
        var log = LogBuffer()
        log.take(Array(text.utf8)[...], .stdout, time: 1)
        return log
    }

    private func texts(_ log: LogBuffer) -> [String] { (log.firstLine..<log.endLine).compactMap { log.line($0)?.line.text } }

    @Test func coloursAreKeptAndTheRestIsDropped() {
        let log = log("\u{1B}[31mred\u{1B}[0m plain \u{1B}]0;title\u{7}\u{1B}[2J\u{1B}[10;10Hend\n")
        let line = log.line(0)?.line
        #expect(line?.text == "red plain end")
        #expect(line?.spans.first?.style.foreground == 1)
        #expect(line?.spans.last?.style == .plain)
    }

    @Test func coloursGoOnIntoTheNextLineAndAcrossPieces() {
        var log = LogBuffer()
        for byte in "\u{1B}[1;38;5;202mone\ntwo\u{1B}[m\n".utf8 { log.take([byte][...], .stdout, time: 1) }
        #expect(log.line(1)?.line.spans.first?.style == Style(202, .bold))
    }

    @Test func aCarriageReturnStartsTheLineAgain() {
        var log = log("10 %\r50 %\r")
        #expect(log.current.map { String(decoding: $0.bytes, as: UTF8.self) } == "50 %")
        log.take(Array("100 %\r\nnext".utf8)[...], .stdout, time: 2)
        #expect(texts(log) == ["100 %"])
    }

    @Test func machineLinesAreNotShown() { #expect(texts(log("a\n@ailab {\"metric\":\"loss\"}\nb\n")) == ["a", "b"]) }

    @Test(.tags(.long), .needsOfTags) func aMillionLinesStayBounded() {
        var log = LogBuffer()
        let piece = Array((0..<1000).map { "line \($0) of a long training that prints a lot\n" }.joined().utf8)
        for _ in 0..<1000 { log.take(piece[...], .stdout, time: 1) }
        #expect(log.endLine == 1_000_000)
        #expect(log.count <= LogBuffer.lineLimit + 512)
        #expect(log.line(log.firstLine) != nil)
        #expect(log.line(log.firstLine - 1) == nil)
    }
}
