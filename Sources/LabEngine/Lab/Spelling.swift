/// Spellings of a name that nobody can tell apart by eye, or that only an input method makes different.
enum Spelling {
    /// The text in small letters, of ordinary width, and with each accent in its letter.
    static func plain(_ text: String) -> String {
        var narrow = String.UnicodeScalarView()
        for scalar in text.unicodeScalars { narrow.append(ordinary(scalar)) }
        return String(String(narrow).lowercased().map { $0.isASCII ? $0 : composed[$0] ?? $0 })
    }

    /// A word, cut between letters and digits.
    static func parts(of word: Substring) -> [Substring] {
        var parts: [Substring] = []
        var start = word.startIndex
        for (index, next) in zip(word.indices, word.indices.dropFirst()) {
            let (a, b) = (word[index], word[next])
            guard isDigit(a) && b.isLetter || a.isLetter && isDigit(b) else { continue }
            parts.append(word[start..<next])
            start = next
        }
        return parts + [word[start...]]
    }

    private static func isDigit(_ character: Character) -> Bool { ("0"..."9").contains(character) }

    /// Chinese and Japanese input methods write ASCII as wide as ideographs, 0xFEE0 places further on.
    private static func ordinary(_ scalar: Unicode.Scalar) -> Unicode.Scalar {
        switch scalar.value {
        case 0xFF01...0xFF5E: Unicode.Scalar(scalar.value - 0xFEE0) ?? scalar
        case 0x3000: " "
        default: scalar
        }
    }

    /// The letters that Unicode has in one piece, by all their canonically equal spellings: dictionaries compare characters by canonical
    /// equality. Swift's standard library has no public function for NFC. This is the same for Latin, Greek, Cyrillic, kana and Hangul; other
    /// letters stay as they were typed.
    private static let composed: [Character: Character] = {
        let ranges: [ClosedRange<UInt32>] = [0xC0...0x24F, 0x370...0x4FF, 0x1E00...0x1FFF, 0x3041...0x30FF, 0xAC00...0xD7A3]
        let letters = ranges.joined().compactMap { Unicode.Scalar($0).map(Character.init) }
        return Dictionary(letters.map { ($0, $0) }) { first, _ in first }
    }()
}
