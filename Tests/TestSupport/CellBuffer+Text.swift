package import LabTUI

extension CellBuffer {
    /// The characters, one line for each row, without trailing blanks.
    package var plainText: String {
        (0..<size.rows).map { row in
            var line = String.UnicodeScalarView()
            for cell in self.row(row) where cell.width > 0 {
                for value in [cell.base, cell.mark1, cell.mark2] where value != 0 { line.append(Unicode.Scalar(value) ?? "?") }
            }
            var text = String(line)
            while text.last == " " { text.removeLast() }
            return text
        }.joined(separator: "\n")
    }

    /// The styles, one letter for each column, without trailing blanks: lower case for colors (`.` is the default), upper case if reversed.
    package var styleText: String {
        (0..<size.rows).map { row in
            var text = String(self.row(row).map { Self.letter($0.style) })
            while text.last == " " { text.removeLast() }
            return text
        }.joined(separator: "\n")
    }

    private static func letter(_ style: Style) -> Character {
        if style == .plain { return " " }
        if style.attributes.contains(.reverse) { return "R" }
        if style.background >= 0 { return "B" }
        let colors: [Character] = ["k", "r", "g", "y", "b", "m", "c", "w"]
        if style.foreground >= 0 { return colors[Int(style.foreground) % 8] }
        if style.attributes.contains(.bold) { return "!" }
        return style.attributes.contains(.dim) ? "," : "_"
    }
}
