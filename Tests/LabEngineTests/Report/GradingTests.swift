import Foundation
import TestSupport
import Testing

@testable import LabFile
@testable import LabReport
@testable import LabRunner
@testable import LabSupport

/// Many reports at once, honest ones and others.
@Suite struct GradingTests {
    private let scene: GradingScene

    init() throws { scene = try GradingScene() }

    private func grade() -> Grading { Grading([scene.submissions], now: GradingScene.made + 100) }

    private func json(_ number: Int, _ author: String? = nil) throws -> String {
        let report = try scene.report(try scene.workspace(number, student: author), author ?? "Student \(number)")
        return report.text(.json, language: .en, utcOffset: 0)
    }

    /// A way to tamper with a report, and what must be found. Nil for what nobody can see.
    private struct Trick: Sendable {
        var name: String
        var code: GradeFinding.Code?
        var play: @Sendable (GradingScene, Int) throws -> Void
    }

    private static func submit(_ scene: GradingScene, _ workspace: Workspace, _ number: Int) throws {
        let report = try scene.report(workspace, "Student \(number)")
        try scene.submit(report.text(.json, language: .en, utcOffset: 0), "s\(number)")
    }

    private static let tricks = [
        Trick(name: "another accuracy", code: .sealBroken) { scene, number in
            let text = try scene.report(try scene.workspace(number), "Student \(number)").text(.json, language: .en, utcOffset: 0)
            try scene.submit(text.replacing("\"accuracy\":0.9", with: "\"accuracy\":0.99"), "s\(number)")
        },
        Trick(name: "another page", code: .pageChanged) { scene, number in
            let page = try scene.report(try scene.workspace(number), "Student \(number)").text(.html, language: .en, utcOffset: 0)
            try scene.submit(page.replacing("1 of 2", with: "2 of 2").replacing("<h1", with: "<h1 "), "s\(number)", .html)
        },
        Trick(name: "more done, sealed again", code: .partsDiffer) { scene, number in
            let text = try scene.report(try scene.workspace(number), "Student \(number)").text(.json, language: .en, utcOffset: 0)
            let end = text.firstRange(of: ",\"seal\"")?.lowerBound ?? text.endIndex
            try scene.submit(
                ReportSeal.sealed((text[..<end] + "}").replacing("\"done\":1,", with: "\"done\":2,")), "s\(number)")
        },
        Trick(name: "another's workspace", code: .evidenceTwice) { scene, number in
            let report = try scene.report(try Workspace(root: "\(scene.folder.path)/home\(number / 10 % 4)"), "Student \(number)")
            try scene.submit(report.text(.json, language: .en, utcOffset: 0), "s\(number)")
        },
        Trick(name: "a line changed", code: .chainBroken) { scene, number in
            let workspace = try scene.workspace(number)
            try GradingScene.change(workspace.run(2).journal) { $0[4] = $0[4].replacing("\"value\":0.9", with: "\"value\":0.95") }
            try submit(scene, workspace, number)
        },
        Trick(name: "a line removed", code: .chainBroken) { scene, number in
            let workspace = try scene.workspace(number, hints: 3)
            try GradingScene.change(workspace.events(lab: "mini")) { $0.remove(at: 1) }
            try submit(scene, workspace, number)
        },
        Trick(name: "a run replaced", code: .chainBroken) { scene, number in
            let workspace = try scene.workspace(number)
            try GradingScene.change(workspace.run(1).journal) { lines in
                lines[4] = lines[4].replacing("\"value\":0.9", with: "\"value\":0.95")
                _ = GradingScene.chainAgain(&lines)
            }
            try submit(scene, workspace, number)
        },
        Trick(name: "a run removed", code: .recordsMissing) { scene, number in
            let workspace = try scene.workspace(number)
            try FileManager.default.removeItem(atPath: workspace.run(1).path)
            try submit(scene, workspace, number)
        },
        Trick(name: "a clock set back", code: .clockBackwards) { scene, number in
            try submit(scene, try scene.workspace(number, clock: [5000, 100]), number)
        },
        Trick(name: "everything written again, and hints cut off", code: nil) { scene, number in
            let workspace = try scene.workspace(number, hints: 3)
            var link = JournalChain.origin
            for run in workspace.runs {
                try GradingScene.change(run.journal) { lines in
                    lines[4] = lines[4].replacing("\"value\":0.9", with: "\"value\":0.95")
                    link = GradingScene.chainAgain(&lines, from: link)
                }
            }
            try GradingScene.change(workspace.events(lab: "mini")) { $0.removeLast(2) }
            try submit(scene, workspace, number)
        },
    ]

    /// The document's table has what the tests expect.
    @Test func theDocumentSaysWhatIsSeen() throws {
        let root = URL(filePath: #filePath).pathComponents.dropLast(4).joined(separator: "/")
        let document = try Files.text("\(root)/docs/grading.md")
        for trick in Self.tricks {
            #expect(document.contains("| \(trick.name) | \(trick.code.map { "`\($0.rawValue)`" } ?? "nothing") |"))
        }
        for code in GradeFinding.Code.allCases { #expect(document.contains("| `\(code.rawValue)` |")) }
    }

    /// Whatever a chain, a seal and a comparison can see is named, nothing else is, and docs/grading.md says what none of them sees.
    @Test func tamperedReportsAreNamedAmongHonestOnes() throws {
        let count = 500
        for number in 0..<(count - 40) {
            let report = try scene.report(try scene.workspace(number, hints: number % 3), "Student \(number)")
            let format: ReportFormat = number % 5 == 0 ? .html : .json
            try scene.submit(report.text(format, language: number % 2 == 0 ? .en : .zh, utcOffset: 0), "s\(number)", format)
        }
        for number in (count - 40)..<count { try Self.tricks[number % 10].play(scene, number) }
        let grading = grade()
        #expect(grading.rejected == [])
        #expect(grading.reports.count == count)
        for report in grading.reports {
            let number = try #require(Int(report.author.split(separator: " ").last ?? ""))
            let codes = Set(report.findings.map(\.code))
            guard number >= count - 40 else {
                // Those whose work was copied share it.
                #expect(codes.isSubset(of: number < 4 ? [.evidenceTwice] : []), "\(report.author): \(report.findings)")
                continue
            }
            let trick = Self.tricks[number % 10]
            if let code = trick.code {
                #expect(codes.contains(code), "\(trick.name): \(report.findings)")
            } else {
                #expect(codes == [], "\(trick.name): \(report.findings)")
            }
        }
        #expect(grading.reports.count { !$0.findings.isEmpty } == 36 + 4)
    }

    /// Whoever writes somebody else's work again, with journals, containers and a workspace of their own, still has that person's values.
    @Test func aCopyNamesSomebodyElsesValues() throws {
        for number in 1...3 { try scene.submit(try json(number), "s\(number)") }
        let copy = try scene.report(try scene.workspace(4, student: "Student 2"), "Student 4")
        #expect(copy.cautions.map(\.code).contains("studentValues"))
        try scene.submit(copy.text(.json, language: .en, utcOffset: 0), "s4")
        let own = try scene.report(try scene.workspace(5, student: "Ada Lovelace 2024123"), "lovelace, ada <ada@example.org> 2024123")
        #expect(!own.cautions.map(\.code).contains("studentValues"))
        try scene.submit(own.text(.json, language: .en, utcOffset: 0), "s5")
        let found = grade().reports.filter { !$0.findings.isEmpty }
        #expect(found.map(\.author) == ["Student 4"])
        #expect(found.first?.findings.map(\.text.en) == ["not the values of this name: seed; they fit Student 2"])
        // A report that says nothing of values has other files of the lab than most.
        let text = try json(6).replacing(#""name":"seed""#, with: #""name":"x""#)
        let end = text.firstRange(of: ",\"seal\"")?.lowerBound ?? text.endIndex
        try scene.submit(ReportSeal.sealed(String(text[..<end]) + "}"), "s6")
        let codes = grade().reports.first { $0.author == "Student 6" }?.findings.map(\.code) ?? []
        #expect(codes.contains(.labDiffers))
    }

    @Test func whoDidOtherSubStepsBeforeSayingTheirNameIsHonest() throws {
        let report = try scene.report(try scene.workspace(1, early: "student"), "Student 1")
        #expect(report.tasks.allSatisfy { $0.counted != nil } && report.strangeValues == [])
        #expect(!report.cautions.map(\.code).contains("studentValues"))
        let text = report.text(.json, language: .en, utcOffset: 0)
        #expect(JSONValue(Array(text.utf8))?.at("/lab/studentVariables/0/tasks/0")?.scalar == "1.2")
        #expect(JSONValue(Array(text.utf8))?.at("/lab/studentVariables/0/tasks/1") == nil)
        try scene.submit(text, "s1")
        #expect(grade().reports.map { $0.findings.map(\.code) } == [[]])
        // The page shows the values of the work, not those of the last run.
        let page = report.text(.markdown, language: .en, utcOffset: 0)
        #expect(page.contains("seed: \(GradingScene.seed(of: "Student 1"))") && !page.contains(", \(GradingScene.seed(of: "student"))"))
    }

    @Test func aMachineWithTheNameOfAValueAccusesNobody() throws {
        let seed = GradingScene.seed(of: "Student 1")
        let report = try scene.report(try scene.workspace(1), "Student 1", machine: [seed])
        #expect(report.strangeValues == [] && report.runs.allSatisfy { $0.studentValues == ["seed": seed] })
    }

    @Test func nobodyIsNamedIfValuesFitSeveral() throws {
        // Two answers for everybody: of two people who aren't the author, some have this one by chance.
        let coin = "\"among\":[\"heads\",\"tails\"],\"between\":null"
        let side = LabStudentValues.among(["heads", "tails"])
        func value(_ name: String) -> String { side.value(of: name, lab: "mini", variable: "seed") }
        let names = (1...40).map { "Student \($0)" }
        let author = try #require(names.first)
        let others = Array(names.filter { value($0) != value(author) }.prefix(3))
        func text(_ number: Int, _ name: String, of other: String, lab: String = "mini") throws -> String {
            let text = try scene.report(try scene.workspace(number, student: name), name).text(.json, language: .en, utcOffset: 0)
            let body = text[..<(text.firstRange(of: ",\"seal\"")?.lowerBound ?? text.endIndex)] + "}"
            let changed = body.replacing("\"between\":[1000,999999]", with: coin).replacing("\"among\":null,", with: "")
            let valued = String(changed)
                .replacing("\"seed\":\"\(GradingScene.seed(of: name))\"", with: "\"seed\":\"\(value(other))\"")
                .replacing("\"id\":\"mini\"", with: "\"id\":\"\(lab)\"")
            return ReportSeal.sealed(valued)
        }
        func said() -> [String] { grade().reports.first { $0.author == author }?.findings.map(\.text.en) ?? [] }
        try scene.submit(try text(1, author, of: others[0]), "a")
        // Who hands in another lab isn't meant.
        try scene.submit(try text(2, others[2], of: others[2], lab: "other"), "b")
        #expect(said() == ["not the values of this name: seed"])
        try scene.submit(try text(3, others[0], of: others[0]), "c")
        #expect(said() == ["not the values of this name: seed; they fit \(others[0])"])
        try scene.submit(try text(4, others[1], of: others[1]), "d")
        #expect(said() == ["not the values of this name: seed; they fit 2 others"])
    }

    @Test func aBrokenOrHostileFileNeverStopsTheOthers() throws {
        try scene.submit(try json(1), "good")
        let files: [(String, [UInt8])] = [
            ("empty.json", []), ("text.json", Array("hello".utf8)), ("half.json", Array(try json(2).utf8.prefix(900))),
            ("other.json", Array("{\"schema\":1}".utf8)), ("page.html", Array("<html></html>".utf8)),
            ("deep.json", Array(repeating: UInt8(ascii: "["), count: 100_000)),
            ("deeper.json", Array("{\"tasks\":".utf8) + Array(repeating: UInt8(ascii: "["), count: 100_000)),
            ("later.json", Array(try json(3).replacing("{\"schema\":1", with: "{\"schema\":2").utf8)),
            ("bytes.json", [0x7B, 0xFF, 0xFE, 0x00]),
            ("huge.json", Array(repeating: 0x20, count: Grading.sizeLimit + 1)),
            ("number.json", Array(try json(4).replacing("\"done\":1", with: "\"done\":1e999").utf8)),
        ]
        for (name, bytes) in files { try scene.submit(bytes, "bad", name) }
        #expect(mkfifo("\(scene.submissions)/pipe.json", 0o600) == 0)
        let grading = Grading([scene.submissions, "/nonexistent/a.json", "\(scene.submissions)/pipe.json"], now: GradingScene.made + 100)
        #expect(grading.reports.map(\.author) == ["Student 1"])
        #expect(grading.rejected.count == files.count + 2, "\(grading.rejected.map(\.path))")
        for file in grading.rejected { #expect(!file.reason.en.isEmpty && !file.reason.zh.isEmpty) }
    }

    /// A name is the student's own words: no terminal and no spreadsheet obeys it.
    @Test func namesAreHarmlessInEveryForm() throws {
        let names = ["=HYPERLINK(\"http://x\")", "+1+1", "-2+3", "@SUM(A1)", "\t=1", "a\u{1B}[31mb", "a,\"b\"\n=c", "王小明"]
        for (index, name) in names.enumerated() {
            try scene.submit(try json(index, name).replacing("\"author\":\"ab\"", with: "\"author\":\"a\\u001b[31mb\""), "s\(index)")
        }
        let grading = grade()
        #expect(grading.reports.count == names.count)
        for format in GradeFormat.allCases {
            let text = GradeSheet(grading, language: .zh, points: 10).text(format)
            #expect(!text.unicodeScalars.contains { $0.hazard != nil }, "\(format)")
            guard format != .json, format != .table else { continue }
            for line in text.split(separator: "\n") {
                for cell in line.split(separator: ",") {
                    let bare = cell.first == "\"" ? cell.dropFirst() : cell
                    #expect(!"=+-@\t".unicodeScalars.contains(bare.unicodeScalars.first ?? "a"), "\(cell)")
                }
            }
        }
        #expect(GradeCell.quoted("a;b") == "\"a;b\"")
        #expect(GradeCell.quoted("a\"b") == "\"a\"\"b\"")
        #expect(GradeCell.quoted(" =1") == "\"' =1\"")
        for sign in "=+-@" { #expect(GradeCell.quoted("\(sign)1") == "\"'\(sign)1\"") }
        #expect(GradeCell.quoted("=\u{301}1").hasPrefix("\"'"))
    }

    @Test func everyCourseSystemGetsItsColumns() throws {
        try scene.submit(try json(1, "Ada Lovelace <ada@example.org> 2024123"), "ada")
        try scene.submit(try json(2, "bob"), "bob")
        let sheet = GradeSheet(grade(), language: .en, points: 20)
        #expect(
            sheet.text(.gradescope) == """
                First Name,Last Name,SID,Email,Total Score,Max Points
                Ada,Lovelace,2024123,"ada@example.org",10,20
                ,bob,,,10,20
                """)
        #expect(
            sheet.text(.canvas) == """
                Student,ID,SIS User ID,SIS Login ID,Section,Mini
                    Points Possible,,,,,20
                Ada Lovelace,,2024123,"ada@example.org",,10
                bob,,,,,10
                """)
        #expect(
            sheet.text(.moodle) == """
                Full name,ID number,Email address,Mini,Feedback
                Ada Lovelace,2024123,"ada@example.org",10,"1 of 2 sub-steps done, 1 of 1 predictions right"
                bob,,,10,"1 of 2 sub-steps done, 1 of 1 predictions right"
                """)
        #expect(sheet.text(.csv).split(separator: "\n").count == 3)
        #expect(sheet.text(.csv).contains(",open,done"))
        #expect(sheet.text(.table).contains("Ada Lovelace"))
        #expect(sheet.text(.table).hasSuffix("2 reports, 0 to look at"))
        let value = try #require(JSONValue(Array(sheet.text(.json).utf8)))
        #expect(value.at("/reports/0/states/1.2")?.scalar == "done")
    }

    @Test func aPageAndItsJSONAreOneReport() throws {
        let report = try scene.report(try scene.workspace(1, student: "Ada"), "Ada")
        for format in [ReportFormat.json, .html] { try scene.submit(report.text(format, language: .en, utcOffset: 0), "ada", format) }
        #expect(grade().reports.count == 1)
        try scene.submit(report.text(.json, language: .en, utcOffset: 0), "ada-again")
        #expect(grade().reports.map { $0.findings.map(\.code) } == [[.submittedTwice], [.submittedTwice]])
    }
}
