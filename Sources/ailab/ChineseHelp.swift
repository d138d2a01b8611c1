import Foundation
import LabTUI

/// The lines of a help in Chinese, fitted to the terminal. ArgumentParser counts characters, of which a Chinese one takes two columns, and
/// breaks lines only at blanks.
enum ChineseHelp {
    /// Where ArgumentParser begins a description.
    private static let descriptions = 26

    /// Columns of the terminal that shows the help; 80 if it isn't a terminal.
    static var columns: Int {
        if let text = Console.environment["COLUMNS"], let columns = Int(text), columns > 0 { return columns }
        return Console.outputIsTerminal ? Console.columns : 80
    }

    /// The text, whose paragraphs are one line each, broken into lines of at most `columns`.
    static func wrapped(_ text: String, columns: Int) -> String {
        return text.split(separator: "\n", omittingEmptySubsequences: false).flatMap { entry(String($0)) }
            .flatMap { line in RichLine([Span(line)], hanging: hanging(line)).wrapped(to: max(20, columns)).map(\.text) }
            .joined(separator: "\n")
    }

    /// A label and its description, which begins in the same column everywhere.
    private static func entry(_ line: String) -> [String] {
        guard let found = line.firstMatch(of: #/^(\ {2}\S.*?)\ {2,}(\S.*)$/#) else { return [line] }
        let (label, description) = (String(found.output.1), String(found.output.2))
        let indentation = String(repeating: " ", count: descriptions)
        guard CellWidth.of(label) < descriptions else { return [label, indentation + description] }
        return [label.padded(to: descriptions) + description]
    }

    private static func hanging(_ line: String) -> Int {
        if line.firstMatch(of: #/^\ {2}\S.*?\ {2,}\S/#) != nil { return descriptions }
        let blanks = line.prefix { $0 == " " }
        return blanks.isEmpty && line.hasPrefix(usage) ? CellWidth.of(usage) : blanks.count
    }

    private static let usage = "用法："
}
