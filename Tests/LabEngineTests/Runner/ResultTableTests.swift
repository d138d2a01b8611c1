import Foundation
import LabFile
import TestSupport
import Testing

@testable import LabRunner
@testable import LabSupport

@Suite("A table of results") struct ResultTableTests {
    private let table = ResultTable(
        title: Text(en: "Limits", zh: "限制"),
        columns: [
            ResultTable.Column("cpus", Text(en: "CPUs", zh: "处理器")), ResultTable.Column("rate", Text(en: "per second", zh: "每秒")),
            ResultTable.Column("waited", Text(en: "throttled", zh: "被限流"), .share),
            ResultTable.Column("end", Text(en: "ended", zh: "结果"), .text),
        ],
        rows: [
            [.number(0.5), .number(250), .number(0.98), .text(Text(en: "normally", zh: "正常"))],
            [.number(1), .number(500), .number(nil), .text(Text(en: "normally", zh: "正常"))],
            [.number(2), .number(.nan), .number(0), .text(Text(en: "killed", zh: "被杀死"))],
        ], chart: ResultTable.Chart(column: 1, labels: [0]))

    @Test func textHasATitleColumnsAndADashForWhatWasNotMeasured() {
        #expect(
            table.text.en == """
                Limits
                CPUs  per second  throttled  ended
                0.50  250         98%        normally
                1     500         –          normally
                2     –           0%         killed
                """)
        #expect(table.text.zh.hasPrefix("限制\n处理器"))
    }

    @Test func barsAreShares() {
        let bars = table.bars(.en)
        #expect(bars.map(\.share) == [0.5, 1])
        #expect(bars.map(\.label) == ["0.50", "1"])
        #expect(bars.map(\.value) == ["250", "500"])
    }

    @Test func aFileHasRowsByNameAndFigures() throws {
        let bytes = try ResultFile(tables: ["runs": table], figures: ["killed": 1]).bytes
        let value = try #require(JSONValue(bytes))
        #expect(value.at("/runs/0/cpus")?.scalar == "0.5")
        #expect(value.at("/runs/2/end")?.scalar == "killed")
        #expect(value.at("/killed")?.scalar == "1")
    }

    @Test func aFactKeepsItsTableAndOneWithoutStaysReadable() throws {
        let fact = Fact(name: "limits.table", text: table.text, table: table)
        #expect(try JSONDecoder().decode(Fact.self, from: JSONEncoder().encode(fact)) == fact)
        let old = #"{"name":"a","text":{"en":"b","zh":"c"}}"#
        #expect(try JSONDecoder().decode(Fact.self, from: Data(old.utf8)).table == nil)
    }
}
