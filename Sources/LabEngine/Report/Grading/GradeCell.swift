import LabSupport

/// A cell of comma-separated values (RFC 4180).
enum GradeCell {
    /// The cell as it's written. A spreadsheet takes a text that begins with `=`, `+`, `-` or `@` for a formula, which could run programs or
    /// send the sheet away. An apostrophe before it makes it a text again: https://owasp.org/www-community/attacks/CSV_Injection
    static func quoted(_ text: String) -> String {
        let line = SafeLines.clean(text: text.split(whereSeparator: \.isNewline).joined(separator: " "))
        // A combining mark after the sign makes another character of it, but not another cell.
        let sign = line.unicodeScalars.first { !$0.properties.isWhitespace }
        let isFormula = sign.map { "=+-@＝＋－＠".unicodeScalars.contains($0) } ?? false
        let cell = isFormula ? "'" + line : line
        // Some spreadsheets also separate at semicolons and tabs, so anything that isn't plain is quoted.
        guard !cell.utf8.allSatisfy(isPlain) else { return cell }
        return "\"" + cell.replacing("\"", with: "\"\"") + "\""
    }

    private static func isPlain(_ byte: UInt8) -> Bool {
        switch byte {
        case UInt8(ascii: "a")...UInt8(ascii: "z"), UInt8(ascii: "A")...UInt8(ascii: "Z"), UInt8(ascii: "0")...UInt8(ascii: "9"): true
        default: " -_./:".utf8.contains(byte)
        }
    }
}

/// What the name in a report says about its author: `Ada Lovelace <ada@example.org> 2024123`.
struct GradedPerson {
    private(set) var email = ""
    private(set) var number = ""
    private var words: [String] = []

    init(_ author: String) {
        for word in author.split(whereSeparator: { $0.isWhitespace || ",;<>()".contains($0) }).map(String.init) {
            if email.isEmpty, word.contains("@"), word.first != "@" {
                email = word
            } else if number.isEmpty, word.count(where: \.isNumber) >= 4 {
                number = word
            } else {
                words.append(word)
            }
        }
    }

    /// The whole name. The e-mail address or the number if there is none.
    var name: String {
        words.isEmpty ? [email, number].first { !$0.isEmpty } ?? "" : words.joined(separator: " ")
    }

    var first: String { words.count > 1 ? words.dropLast().joined(separator: " ") : "" }
    var last: String { words.last ?? name }
}
