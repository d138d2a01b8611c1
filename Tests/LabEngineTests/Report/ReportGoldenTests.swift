import Foundation
import TestSupport
import Testing

@testable import LabReport
@testable import LabSupport

/// Reports of recorded runs as a person reads them: look at the files after `UPDATE_GOLDEN=1`.
@Suite struct ReportGoldenTests {
    @Test(arguments: Language.allCases) func recordedRunsAsMarkdownAndHTML(_ language: Language) throws {
        let report = try ReportScene.recorded()
        ReportScene.expectGolden(ReportScene.text(report, .markdown, language), "recorded-\(language.rawValue).md")
        ReportScene.expectGolden(ReportScene.text(report, .html, language), "recorded-\(language.rawValue).html")
    }

    /// The top of the page for the README: a browser draws it as it draws the page.
    @Test(arguments: Language.allCases) func thePageAsAPicture(_ language: Language) throws {
        let page = ReportScene.text(try ReportScene.recorded(), .html, language)
        func part(_ name: String) throws -> Substring {
            let start = try #require(page.firstRange(of: "<\(name)>"))
            let end = try #require(page.firstRange(of: "</\(name)>"))
            return page[start.lowerBound..<end.upperBound]
        }
        let note = "recorded-\(language.rawValue).html \(SHA256.hex(of: page.utf8))"
        let picture = """
            <svg xmlns="http://www.w3.org/2000/svg" width="880" height="760" viewBox="0 0 880 760"><!-- \(note) -->
            <foreignObject width="880" height="760">
            <html xmlns="http://www.w3.org/1999/xhtml">
            <head>\(try part("style"))</head>
            <body style="height:760px;overflow:hidden">
            \(try part("main"))
            </body>
            </html>
            </foreignObject>
            </svg>

            """
        let file = ReportScene.golden.appending(path: "../../../../docs/pictures/report-\(language.rawValue).svg").standardizedFileURL
        if let difference = GoldenFile.difference(picture, file) { Issue.record("\(difference)") }
    }

    @Test func recordedRunsAsJSON() throws {
        let text = ReportScene.text(try ReportScene.recorded(), .json)
        ReportScene.expectGolden(text, "recorded.json")
        #expect(text == ReportScene.text(try ReportScene.recorded(), .json, .zh), "codes are of no language")
        let value = try #require(JSONValue(Array(text.utf8)))
        #expect(value.at("/schema")?.scalar == "1")
        #expect(value.at("/tasks/14/task")?.scalar == "3.5")
        #expect(value.at("/tasks/14/state")?.scalar == "done")
        #expect(value.at("/accuracy")?.scalar == "0.9787")
    }

    /// Nothing is fetched, nothing runs, and whoever cannot see it is told.
    @Test(arguments: Language.allCases) func thePageStandsByItself(_ language: Language) throws {
        let page = ReportScene.text(try ReportScene.recorded(), .html, language)
        for word in ["<script", "<link", "<img", "<iframe", " src=", "url(", "@import", "javascript:", " onload", "href=\"http"] {
            #expect(!page.contains(word), "\(word)")
        }
        #expect(page.contains("<html lang=\"\(language == .zh ? "zh-Hans" : "en")\">"))
        #expect(page.contains("role=\"img\" aria-labelledby="))
        #expect(page.contains("<th scope=\"col\"") && page.contains("<th scope=\"row\"") && page.contains("<caption>"))
        try Markup.expectWellFormed(page)
    }

    @Test func chineseReportsHoldNoEnglishSentences() throws {
        let report = try ReportScene.recorded()
        let english = ReportScene.text(report, .markdown, .en).split(separator: "\n")
        let chinese = Set(ReportScene.text(report, .markdown, .zh).split(separator: "\n"))
        // Commands, names and numbers are the same in both.
        for line in english where chinese.contains(line) {
            #expect(
                line.hasPrefix("- `") || line.hasPrefix("|") || line.hasPrefix("```") || line.hasPrefix("docker") || line.hasPrefix("curl")
                    || line.hasPrefix("Get "), "\(line)")
        }
    }
}

/// A look at tags, as strict as XML: each is closed where it belongs, and each `#anchor` is somewhere.
enum Markup {
    static func expectWellFormed(_ page: String, at location: SourceLocation = #_sourceLocation) throws {
        var open: [Substring] = []
        var ids: Set<Substring> = []
        var links: Set<Substring> = []
        var rest = page[...]
        while let start = rest.firstIndex(of: "<") {
            #expect(
                !rest[..<start].contains(">") || open.last == "style", "a bare > in \(rest[..<start].suffix(40))", sourceLocation: location)
            rest = rest[rest.index(after: start)...]
            let end = try #require(rest.firstIndex(of: ">"), "an open tag", sourceLocation: location)
            let tag = rest[..<end]
            rest = rest[rest.index(after: end)...]
            if tag.hasPrefix("!") { continue }
            let name = tag.drop { $0 == "/" }.prefix { $0.isLetter || $0.isNumber }
            #expect(!name.isEmpty, "\(tag)", sourceLocation: location)
            #expect(tag.count { $0 == "\"" } % 2 == 0, "\(tag)", sourceLocation: location)
            for (mark, into) in [("id=\"", 0), ("href=\"#", 1)] {
                guard let found = tag.firstRange(of: mark) else { continue }
                let value = tag[found.upperBound...].prefix { $0 != "\"" }
                if into == 0 {
                    #expect(ids.insert(value).inserted, "\(value) twice", sourceLocation: location)
                } else {
                    links.insert(value)
                }
            }
            if tag.hasPrefix("/") {
                #expect(open.popLast() == name, "</\(name)>", sourceLocation: location)
            } else if !tag.hasSuffix("/") {
                open.append(name)
            }
        }
        #expect(open.isEmpty, "\(open)", sourceLocation: location)
        #expect(links.isSubset(of: ids), "\(links.subtracting(ids))", sourceLocation: location)
    }
}
