import LabTUI
import TestSupport
import Testing

@Suite struct ChartTests {
    init() { CellWidth.prepare() }

    private func draw(_ chart: Chart, _ columns: Int = 40, _ rows: Int = 8, _ look: Look = Look()) -> [String] {
        var buffer = CellBuffer(Size(columns: columns, rows: rows))
        chart.draw(in: Rect(buffer.size), on: &buffer, look)
        return buffer.plainText.split(separator: "\n", omittingEmptySubsequences: false).map(String.init)
    }

    @Test func aLossOverDecadesGetsALogarithmicAxis() {
        let falling = (0..<50).map { 2.3 / (1 + Double($0 * $0)) }
        let scale = ChartScale.loss(falling)
        #expect(scale.isLogarithmic)
        #expect(abs(scale.share(0.023) - scale.share(0.0023) - (scale.share(0.23) - scale.share(0.023))) < 1e-9, "decades are equally high")
        let lines = draw(
            Chart(.init("loss", .plot1, falling.enumerated().map { (Double($0.offset), $0.element) }), scale: scale) { "\($0)" })
        #expect(lines.contains { $0.contains("0.01") } && lines.contains { $0.contains("0.1") })
        for straight in [[2.3, 2.2, 1.9], [0, 0.1], [-1, 5], [], [.nan, 2]] as [[Double]] {
            #expect(!ChartScale.loss(straight).isLogarithmic)
        }
    }

    @Test func anAccuracyEndsAtAHundredPercent() {
        #expect(ChartScale.share([0.958, 0.979]) == ChartScale(0.95, 1))
        #expect(ChartScale.share([0.1, 0.979]) == ChartScale(0, 1))
        #expect(ChartScale.share([0.9951]) == ChartScale(0.99, 1))
    }

    @Test func twoPointsAreNotALine() {
        let two = Chart(.init("accuracy", .plot2, [(0, 0.958), (1, 0.979)]), scale: .share([0.958, 0.979])) { "\($0)" }
        #expect(draw(two).joined().filter { $0 == "●" }.count == 2)
        let three = Chart(.init("accuracy", .plot2, [(0, 0.91), (1, 0.95), (2, 0.979)]), scale: .share([0.91])) { "\($0)" }
        #expect(!draw(three).joined().contains("●"))
        let plain = draw(two, 40, 8, Look(theme: .mono, glyphs: .ascii)).joined()
        #expect(plain.unicodeScalars.allSatisfy { $0.isASCII } && plain.contains("*"))
    }

    @Test func theAxisBelowNamesEpochsAndItsUnit() throws {
        let points = (0..<100).map { (x: Double($0), y: 1 - Double($0) / 200) }
        let marks = (0..<5).map { Chart.Mark(Double($0 * 20), "\($0 + 1)") }
        let lines = draw(
            Chart(.init("loss", .plot1, points), scale: .loss(points.map(\.y)), axis: .init("epoch", marks: marks)) { "\($0)" }, 60)
        let axis = try #require(lines.last)
        #expect(axis.hasPrefix("epoch"))
        for number in 1...5 { #expect(axis.contains("\(number)")) }
        // Too many marks: those that fit, and never two on top of each other.
        let many = (0..<100).map { Chart.Mark(Double($0), "\($0 + 1)") }
        let narrow = draw(Chart(.init("loss", .plot1, points), scale: .loss([1]), axis: .init("epoch", marks: many)) { "\($0)" }, 30)
        let numbers = try #require(narrow.last).split(separator: " ").compactMap { Int($0) }
        #expect(numbers == numbers.sorted() && numbers.count > 2)
    }

    @Test func nothingIsTooLittleOrTooMuch() {
        for points in [[], [(0, 1)], [(0, .nan)], [(0, 1), (0, 1)], [(0, 1e300), (1, -1e300), (2, 0)]] as [[(x: Double, y: Double)]] {
            for (columns, rows) in [(40, 8), (16, 3), (16, 4), (15, 9), (200, 2)] {
                _ = draw(Chart(.init("x", .plot1, points), scale: .loss(points.map(\.y)), axis: .init("u")) { "\($0)" }, columns, rows)
            }
        }
    }
}
