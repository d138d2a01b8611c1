import CTerminal

/// How many columns text takes. All widths come from the C library, because curses uses the same function for its layout.
package enum CellWidth {
    /// Sets a locale in which the C library knows the widths. curses needs it before it starts. You can call this several times.
    package static func prepare() { _ = isPrepared }

    private static let isPrepared: Bool = ct_use_utf8() != 0

    /// 1 or 2 for a character, 0 for a mark that joins the previous cell, nil for a scalar that must not reach a cell.
    package static func of(_ scalar: Unicode.Scalar) -> Int? {
        let value = scalar.value
        if value >= 0x20 && value < 0x7F { return 1 }
        if value < 0xA0 { return nil }
        prepare()
        let width = Int(ct_width(value))
        if width > 0 { return width }
        guard width == 0 else { return nil }
        switch scalar.properties.generalCategory {
        case .nonspacingMark, .enclosingMark, .spacingMark:
            // A variation selector's category is a mark, but on some terminals it changes the width.
            return (0xFE00...0xFE0F).contains(value) ? nil : 0
        default: return nil
        }
    }

    /// The columns that a text takes in a `CellBuffer`.
    package static func of(_ text: some StringProtocol) -> Int {
        var columns = 0
        for scalar in text.unicodeScalars { columns += of(shown: scalar) }
        return columns
    }

    /// The columns that a scalar or its replacement takes.
    static func of(shown scalar: Unicode.Scalar) -> Int {
        guard let width = of(scalar) else { return replacement(for: scalar) == nil ? 0 : 1 }
        return width
    }

    /// The replacement for a scalar that must not reach a cell. Nil if it has none.
    static func replacement(for scalar: Unicode.Scalar) -> Unicode.Scalar? {
        switch scalar.properties.generalCategory {
        case .format, .nonspacingMark, .enclosingMark, .spacingMark: nil
        default: scalar.value == 0x09 ? " " : "\u{FFFD}"
        }
    }

    /// The longest prefix that fits, and its columns.
    package static func prefix(_ text: Substring, fitting columns: Int) -> (text: Substring, columns: Int) {
        var used = 0
        var index = text.unicodeScalars.startIndex
        while index < text.unicodeScalars.endIndex {
            let width = of(shown: text.unicodeScalars[index])
            if used + width > columns { break }
            used += width
            index = text.unicodeScalars.index(after: index)
        }
        return (text[..<index], used)
    }
}
