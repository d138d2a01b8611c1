/// Why a character must not reach a terminal, a report or a JSON text as it is.
package enum CharacterHazard: Sendable, Equatable {
    /// It controls the terminal: C0, DEL and C1.
    case control
    /// It reorders the text around it, or breaks a line where nobody expects it.
    case reordering
    /// It can't be seen, so two texts that look equal aren't.
    case invisible
}

extension Unicode.Scalar {
    /// Nil for a character that is shown as what it is. Line feeds and tabs are layout.
    package var hazard: CharacterHazard? {
        guard value >= 0x7F else { return value < 0x20 && value != 0x0A && value != 0x09 ? .control : nil }
        switch value {
        case 0x7F...0x9F: return .control
        case 0x061C, 0x200E, 0x200F, 0x2028...0x202E, 0x2066...0x2069: return .reordering
        // Soft hyphen, fillers and variation selectors of Hangul, Khmer and Mongolian, zero-width characters, operators, byte order mark,
        // interlinear annotations, shorthand and musical formats, tags.
        case 0x00AD, 0x034F, 0x115F...0x1160, 0x17B4...0x17B5, 0x180B...0x180F, 0x200B...0x200D, 0x2060...0x2065, 0x206A...0x206F, 0x3164,
            0xFEFF, 0xFFA0, 0xFFF0...0xFFFB, 0x1BCA0...0x1BCA3, 0x1D173...0x1D17A, 0xE0000...0xE00FF, 0xE01F0...0xE0FFF:
            return .invisible
        // Noncharacters.
        case 0xFDD0...0xFDEF: return .invisible
        default: return value & 0xFFFE == 0xFFFE ? .invisible : nil
        }
    }

    /// `U+202E`.
    package var codePoint: String {
        let digits = String(value, radix: 16, uppercase: true)
        return "U+" + String(repeating: "0", count: max(0, 4 - digits.count)) + digits
    }
}

/// Collects a text without what is hazardous in it.
///
/// A joiner (U+200C, U+200D) stays only where it changes how the characters around it look: between two emoji, and between two letters of
/// a script that joins letters. A character keeps at most four combining marks: piles of them cover the lines above and below.
package struct HarmlessText {
    /// True for a text of printable ASCII, box-drawing characters, Chinese characters and full-width forms. Nearly every text is, and this
    /// test is many times as fast as a look at each character. False doesn't mean that a text is harmful. `linesAllowed`: line ends may be
    /// in it.
    package static func isPlain(_ text: String, linesAllowed: Bool = false) -> Bool {
        var text = text
        return text.withUTF8 { bytes in
            var index = 0
            while index < bytes.count {
                let byte = bytes[index]
                if byte < 0x80 {
                    guard byte >= 0x20 && byte != 0x7F || byte == 0x0A && linesAllowed else { return false }
                    index += 1
                    continue
                }
                // Three bytes in UTF-8: U+4000 to U+9FFF, U+2500 to U+257F, U+FF00 to U+FF7F. A `String` is valid UTF-8.
                switch byte {
                case 0xE4...0xE9: break
                case 0xE2: guard bytes[index + 1] == 0x94 || bytes[index + 1] == 0x95 else { return false }
                case 0xEF: guard bytes[index + 1] == 0xBC || bytes[index + 1] == 0xBD else { return false }
                default: return false
                }
                index += 3
            }
            return true
        }
    }

    private static let markLimit = 4
    private(set) var scalars = String.UnicodeScalarView()
    private var marks = 0
    /// A joiner that the next character decides about.
    private var joiner: Unicode.Scalar?
    private var last: Unicode.Scalar?

    var text: String { String(scalars) }

    mutating func append(_ scalar: Unicode.Scalar) {
        // Nothing below is a mark or joins.
        if scalar.value < 0x300 {
            joiner = nil
            if scalar.hazard == nil { add(scalar) }
            return
        }
        if scalar.value == 0x200C || scalar.value == 0x200D {
            joiner = scalar
            return
        }
        guard scalar.hazard == nil else { return }
        if scalar.isMark {
            guard marks < Self.markLimit else { return }
            joiner = nil
            marks += 1
            scalars.append(scalar)
            return
        }
        if let joiner, let last, joiner.joins(last, scalar) { scalars.append(joiner) }
        joiner = nil
        add(scalar)
    }

    private mutating func add(_ scalar: Unicode.Scalar) {
        marks = 0
        last = scalar
        scalars.append(scalar)
    }
}

extension Unicode.Scalar {
    fileprivate var isMark: Bool {
        switch properties.generalCategory {
        case .nonspacingMark, .spacingMark, .enclosingMark: true
        default: false
        }
    }

    /// Whether this joiner changes how two characters look.
    fileprivate func joins(_ before: Unicode.Scalar, _ after: Unicode.Scalar) -> Bool {
        if value == 0x200D, before.properties.isEmoji, after.properties.isEmoji { return true }
        return before.isOfJoiningScript && after.isOfJoiningScript
    }

    /// Arabic, Syriac, N'Ko, Mongolian, and the scripts of South and Southeast Asia.
    private var isOfJoiningScript: Bool {
        switch value {
        case 0x0600...0x109F, 0x1780...0x18AF, 0x1A20...0x1AAF, 0xA840...0xA8FF, 0xFB50...0xFDCF, 0xFE70...0xFEFC: true
        default: false
        }
    }
}
