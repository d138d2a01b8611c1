import LabTUI

/// Sentences on standard output. A terminal breaks long lines within words, so they are broken here.
enum Prose {
    /// A text as lines, all indented. For a pipe it stays one line.
    static func wrapped(_ text: String, indent: Int = 0) -> [String] {
        let lead = String(repeating: " ", count: indent)
        guard Console.outputIsTerminal else { return [lead + text] }
        return wrapped(text, indent: indent, columns: Console.columns)
    }

    /// A text as lines of at most so many columns, but no more than a line of prose should have.
    static func wrapped(_ text: String, indent: Int = 0, columns: Int) -> [String] {
        let width = min(max(20, columns), Markdown.proseColumns)
        let lead = String(repeating: " ", count: indent)
        return RichLine([Span(lead), Span(text)], hanging: indent).wrapped(to: width).map(\.text)
    }
}
