import Testing

@testable import LabReport
@testable import LabSupport

/// A report whose file somebody changed.
@Suite struct ReportSealTests {
    @Test func aReportIsSealed() throws {
        let text = ReportScene.text(try ReportScene.recorded(), .json)
        #expect(ReportSeal.standing(of: Array(text.utf8)) == .intact)
        #expect(ReportSeal.standing(of: Array((text + "\r\n \t").utf8)) == .intact)
        let changed = text.replacing("\"accuracy\":0.9787", with: "\"accuracy\":0.9987")
        #expect(ReportSeal.standing(of: Array(changed.utf8)) == .broken)
        #expect(ReportSeal.standing(of: Array("{}".utf8)) == .missing)
        #expect(ReportSeal.standing(of: []) == .missing)
        let end = try #require(text.firstRange(of: ",\"seal\""))
        #expect(ReportSeal.standing(of: Array((text[..<end.lowerBound] + "}").utf8)) == .missing)
    }

    @Test(arguments: Language.allCases) func aPageHasTheWholeReportInside(_ language: Language) throws {
        let report = try ReportScene.recorded()
        let page = ReportScene.text(report, .html, language)
        let inside = try #require(ReportSeal.json(in: Array(page.utf8)))
        #expect(inside.isWhole)
        #expect(String(decoding: inside.json, as: UTF8.self) + "\n" == ReportScene.text(report, .json))
        let windows = page.replacing("\n", with: "\r\n")
        #expect(try #require(ReportSeal.json(in: Array(windows.utf8))).isWhole)
        let changed = page.replacing("24", with: "28", maxReplacements: 1)
        #expect(try #require(ReportSeal.json(in: Array(changed.utf8))).isWhole == false)
    }

    @Test func whatLooksLikeAPageIsNotReadPastItsEnd() {
        for text in ["", "<", "<template id=\"ailab-report\" data-page=\"", "<template id=\"ailab-report\" data-page=\"0\">{}"] {
            #expect(ReportSeal.json(in: Array(text.utf8)) == nil)
        }
    }
}
