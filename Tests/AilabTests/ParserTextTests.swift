import ArgumentParser
import LabSupport
import LabTUI
import TestSupport
import Testing

@testable import ailab

/// Whatever ArgumentParser says to a wrong command line, it says in Chinese, too.
@Suite struct ParserTextTests {
    @Test(arguments: [
        ["step"], ["step", "--aut", "3"], ["step", "3", "--device", "x"], ["step", "3", "4"], ["step", "3", "4", "5"],
        ["step", "3", "--epochs"],
        ["step", "3", "--epochs", "x"], ["step", "--auto=3", "4"], ["top", "-n"], ["step", "3", "--set"], ["load", "x", "-c"],
        ["report", "--foo"],
    ])
    func mistakesAreToldInChinese(_ words: [String]) throws {
        let error = #expect(throws: (any Error).self) { _ = try Ailab.parseAsRoot(words) }
        let text = ParserText.chinese(Ailab.fullMessage(for: try #require(error)))
        for english in [
            "Missing", "Unknown", "nexpected", "invalid", "Usage", "USAGE", "Error", "Help:", "or 'gpu'", "more information", "does not",
        ] {
            #expect(!text.contains(english), "\(text)")
        }
        #expect(text.hasPrefix("错误："))
    }

    @Test func headingsAndRemarksOfTheHelpAreChinese() {
        let text = ParserText.chinese(Ailab.helpMessage(for: StepCommand.self))
        for english in ["OVERVIEW", "USAGE", "ARGUMENTS", "OPTIONS", "default:", "values:", "Show "] {
            #expect(!text.contains(english), "\(text)")
        }
        #expect(text.contains("（可选值：auto, cpu, gpu）") && text.contains("（默认：lab5）"))
    }

    /// A Chinese character takes two columns.
    @Test func theChineseHelpFitsTheTerminal() {
        for columns in [60, 80, 120] {
            for command in [
                Ailab.helpMessage(includeHidden: false, columns: 10_000),
                Ailab.helpMessage(for: StepCommand.self, includeHidden: false, columns: 10_000),
            ] {
                let lines = ChineseHelp.wrapped(ParserText.chinese(command), columns: columns).split(separator: "\n").map(String.init)
                for line in lines { #expect(CellWidth.of(line) <= columns, "\(line)") }
                // A description goes on below itself.
                let entries = lines.drop { !$0.hasPrefix("选项：") }.filter { $0.hasPrefix("   ") }
                for line in entries { #expect(line.hasPrefix(String(repeating: " ", count: 26)), "\(line)") }
            }
        }
        let broken = ChineseHelp.wrapped("  walk（默认）          在整个终端上逐步完成实验，与单独运行 `ailab` 相同。", columns: 60)
        #expect(broken == "  walk（默认）            在整个终端上逐步完成实验，与单独运\n                          行 `ailab` 相同。")
    }

    /// A bare text in an argument's declaration would be English in both languages.
    @Test func everyHelpTextIsWrittenInBothLanguages() throws {
        let sources = Program.checkout + "/Sources/ailab"
        for file in Files.tree(sources) where file.hasSuffix(".swift") {
            let text = try Files.text("\(sources)/\(file)")
            for bare in ["abstract: \"", "discussion: \"", "help: \"", "ValidationError(\""] {
                #expect(!text.contains(bare), "\(file): \(bare)")
            }
        }
    }

    @Test func namesStayAsTheyAreTyped() {
        #expect(ParserText.chinese("Error: Unknown option '--fo'. Did you mean '--foo'?") == "错误：没有选项 '--fo'；是不是想写 '--foo'？")
        #expect(ParserText.chinese("Something else entirely") == "Something else entirely")
    }
}
