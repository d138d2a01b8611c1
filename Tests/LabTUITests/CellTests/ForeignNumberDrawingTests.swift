import LabRunner
import LabSupport
import TestSupport
import Testing

@testable import LabTUI
@testable import Telemetry

/// Numbers from journals and recordings that no cell of a screen has a place for.
@Suite struct ForeignNumberDrawingTests {
    init() { CellWidth.prepare() }

    @Test func aMarkFarAwayIsAtTheEdge() {
        var buffer = CellBuffer(Size(columns: 60, rows: 10))
        let marks = [Chart.Mark(1e300, "9"), Chart.Mark(-1e300, "1")]
        Chart(
            .init("loss", .plot1, [(0, 1), (1, 2), (2, 3), (3, 1)]), scale: .loss([1, 2, 3]), axis: .init("epoch", marks: marks)
        ) { "\($0)" }.draw(in: Rect(buffer.size), on: &buffer, Look())
        #expect(buffer.plainText.contains("9"))
        var wide = CellBuffer(Size(columns: 60, rows: 10))
        Chart(.init("x", .plot1, [(-1e308, -1e308), (0, 0), (1e308, 1e308)]), scale: ChartScale(-1e308, 1e308)) { "\($0)" }
            .draw(in: Rect(wide.size), on: &wide, Look())
        TimeChart(
            "t", value: "v", role: .plot1, points: [(0, 1e308)], top: 1, range: -1e308...1e308, marks: [-1e308, 0, 1e308], hold: 1
        ).draw(in: Rect(wide.size), on: &wide, Look())
        #expect(wide.plainText.contains("v"))
    }

    @Test func aLineOfAnyTimeIsKept() {
        var log = LogBuffer()
        for time in [1e300, -5, .nan, 1e12] { log.take(Array("line\n".utf8)[...], .stdout, time: time) }
        #expect(log.count == 4)
    }

    @Test func coresOfAnyLoadHaveABar() {
        var sample = TelemetrySample(time: 1)
        sample.host = HostSample()
        sample.host?.cores = [1e300, -1e300, 50]
        #expect(!TelemetryTables(sample, Look(), .en).lines(columns: 80).isEmpty)
    }
}

/// Texts of a lab that would be read again for each of their characters.
@Suite("Torture: marks that lead nowhere", .timeLimit(.minutes(1))) struct HostileMarkdownTests {
    @Test(arguments: ["[", "`a", "**a", "[a](", "*"]) func isReadOnce(_ mark: String) {
        let lines = Markdown.lines(String(repeating: mark, count: 100_000), columns: 80, look: Look())
        #expect(!lines.isEmpty)
        #expect(Markdown.lines("a **b** [c](d) `e`", columns: 80, look: Look()).map(\.text) == ["a b c (d) e"])
    }
}
