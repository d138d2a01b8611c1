import Diagnosis
import Foundation
import LabSupport
import TestSupport
import Testing

@testable import LabFile

@Suite struct LabErrorTests {
    @Test func everyCodeHasAFamilyAndAName() {
        for code in LabError.Code.allCases {
            #expect(code.rawValue.wholeMatch(of: /[a-z]+(\.[a-z][A-Za-z]*)?/) != nil, "\(code)")
            #expect(code.rawValue.replacing(".", with: "").lowercased() == "\(code)".lowercased())
        }
        #expect(LabError(.engineMissing, Text(verbatim: "x")).family == "engine")
    }

    @Test func aCodeOfAnotherVersionIsKept() throws {
        let journal = #"{"code":"quantum.decohered","message":{"en":"a","zh":"b"}}"#
        let error = try JSONDecoder().decode(LabError.self, from: Data(journal.utf8))
        #expect(error.code == nil && error.family == "quantum" && error.codeText == "quantum.decohered")
        #expect(try JSONDecoder().decode(LabError.self, from: JSONEncoder().encode(error)) == error)
        #expect(error.with(.diskFull).code == .diskFull)
    }

    @Test func everyKindOfCheckHasACode() {
        let kinds = LabCheckSubject.decoders.map(\.key)
        #expect(Set(kinds.map { "check." + $0 }) == Set(LabError.Code.allCases.map(\.rawValue).filter { $0.hasPrefix("check.") }))
    }

    @Test func symptomsNameOnlyCodesOfTheList() {
        for cause in SymptomLoader.builtIn.causes {
            for code in cause.codes { #expect(LabError.Code(rawValue: code) != nil, "\(cause.id): \(code)") }
        }
    }

    /// The page is made from the comments of the list.
    @Test func thePageHasEveryCode() throws {
        let list = try Files.text(Program.checkout + "/Sources/LabEngine/Support/LabError+Code.swift")
        let rows = list.matches(of: /\/\/\/ (.+)\n +case `?([A-Za-z]+)`?(?: = "(.+)")?/).map {
            (code: String($0.output.3 ?? $0.output.2), meaning: String($0.output.1))
        }
        #expect(rows.map(\.code) == LabError.Code.allCases.map(\.rawValue) && rows.map(\.code) == rows.map(\.code).sorted())
        let page = """
            # Error codes

            Generated from `LabError.Code`; `UPDATE_GOLDEN=1 swift test --filter LabErrorTests` writes it anew.

            An error has a code in journals, in reports and with `--json`. The part before the dot is its family, which decides the exit code.

            | code | meaning |
            |---|---|

            """ + rows.map { "| `\($0.code)` | \($0.meaning) |\n" }.joined()
        if let problem = GoldenFile.difference(page, URL(filePath: Program.checkout + "/docs/errors.md")) { Issue.record("\(problem)") }
    }
}
