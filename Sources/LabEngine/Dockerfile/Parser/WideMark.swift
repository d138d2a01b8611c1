/// Punctuation marks that a Chinese input method or a word processor writes in place of the ASCII marks that Docker knows.
package enum WideMark {
    /// The ASCII mark that was meant; nil if the character is none of these marks.
    package static func ascii(_ scalar: Unicode.Scalar) -> String? {
        // U+FF01 to U+FF5E are the full-width forms of the ASCII characters, in their order. Letters and digits among them count, too.
        if (0xFF01...0xFF5E).contains(scalar.value) { return Unicode.Scalar(scalar.value - 0xFEE0).map { String($0) } }
        switch scalar {
        case "“", "”", "„", "«", "»", "「", "」", "『", "』": return "\""
        case "‘", "’", "‚", "′": return "'"
        case "。": return "."
        case "、": return ","
        case "【": return "["
        case "】": return "]"
        case "《": return "<"
        case "》": return ">"
        case "—", "–", "−": return "--"
        case "…": return "..."
        case "￥": return "$"
        default: return nil
        }
    }

    /// A space that looks like one and separates nothing.
    package static func isInvisibleSpace(_ scalar: Unicode.Scalar) -> Bool {
        switch scalar.value {
        case 0x00A0, 0x1680, 0x2000...0x200B, 0x202F, 0x205F, 0x2060, 0x3000, 0xFEFF: true
        default: false
        }
    }

    /// The text with ASCII marks and spaces.
    package static func replaced(in text: String) -> String {
        text.unicodeScalars.map { isInvisibleSpace($0) ? " " : ascii($0) ?? String($0) }.joined()
    }
}
