/// Finds secrets on the lines below their name: lists and block texts in JSON and YAML.
struct SecretList {
    private enum Place: Equatable {
        case outside
        /// Inside a list with this many open brackets.
        case brackets(Int)
        /// Below a name on a line of its own that begins in this column. `isText` is true if YAML announces a block text.
        case below(Int, isText: Bool)
    }

    private var place = Place.outside

    /// Splits a line: `hidden` is what may be shown of a secret's part, `rest` is the part that belongs to no secret begun above.
    mutating func take(_ line: String) -> (hidden: String, rest: String) {
        let bytes = Array(line.utf8)
        let (hidden, end) = belongs(bytes)
        let rest = String(decoding: bytes[end...], as: UTF8.self)
        if place == .outside || end < bytes.count { begin(Array(rest.utf8)) }
        return (hidden, rest)
    }

    private mutating func belongs(_ line: [UInt8]) -> (String, Int) {
        let indent = line.prefix { $0 == 0x20 || $0 == 0x09 }.count
        switch place {
        case .outside: return ("", 0)
        case .brackets(let depth):
            guard let end = closing(line, depth) else { return (indent < line.count ? covered(line, indent) : "", line.count) }
            place = .outside
            return (end > indent ? covered(line, indent) : "", end)
        case .below(let column, let isText):
            guard indent < line.count else { return ("", line.count) }
            let isItem = line[indent] == UInt8(ascii: "-") && (indent + 1 == line.count || line[indent + 1] == 0x20)
            guard indent > column && (isText || isItem || !isMember(line[indent...])) || isItem && indent == column && !isText else {
                place = .outside
                return ("", 0)
            }
            return (covered(line, isItem && !isText ? min(indent + 2, line.count) : indent), line.count)
        }
    }

    private func covered(_ line: [UInt8], _ kept: Int) -> String {
        String(decoding: line[..<kept], as: UTF8.self) + (kept < line.count ? Redaction.mark : "")
    }

    /// The index of the bracket that ends the list. Brackets in quotation marks don't count.
    private mutating func closing(_ line: [UInt8], _ open: Int) -> Int? {
        var depth = open
        var quote: UInt8?
        var isEscaped = false
        for (index, byte) in line.enumerated() {
            if isEscaped {
                isEscaped = false
            } else if let mark = quote {
                isEscaped = byte == UInt8(ascii: "\\")
                if byte == mark { quote = nil }
            } else {
                switch byte {
                case UInt8(ascii: "\""), UInt8(ascii: "'"): quote = byte
                case UInt8(ascii: "["): depth += 1
                case UInt8(ascii: "]"): depth -= 1
                default: break
                }
            }
            if depth == 0 { return index }
        }
        place = .brackets(depth)
        return nil
    }

    private mutating func begin(_ line: [UInt8]) {
        if let bracket = line.lastIndex(of: UInt8(ascii: "[")), !line[bracket...].contains(UInt8(ascii: "]")),
            let name = Self.name(before: line[..<bracket]), Redaction.isSecret(name: name), Self.isListStart(line[(bracket + 1)...])
        {
            place = .brackets(1)
            return
        }
        // Matches `name:`, `- name: |`, and `"name":` with its value on the next line.
        var end = line.endIndex
        while end > 0, line[end - 1] <= 0x20 { end -= 1 }
        var isText = false
        if let sign = line[..<end].lastIndex(where: { $0 == UInt8(ascii: "|") || $0 == UInt8(ascii: ">") }), sign > 0,
            line[(sign + 1)..<end].allSatisfy({ "+-0123456789".utf8.contains($0) })
        {
            isText = true
            end = sign
            while end > 0, line[end - 1] <= 0x20 { end -= 1 }
        }
        guard end > 0, line[end - 1] == UInt8(ascii: ":"), let name = Self.name(before: line[..<end]), Redaction.isSecret(name: name) else {
            return
        }
        let column = line.prefix { $0 == 0x20 || $0 == UInt8(ascii: "-") }.count
        // A sentence that ends with a colon is not a name on its own.
        let before = line[column..<end].filter { !"\"':= ".utf8.contains($0) }
        guard before.elementsEqual(name.utf8) else { return }
        place = .below(column, isText: isText)
    }

    /// A list continues after the bracket with nothing, a quotation mark, or text that ends with a comma. `[pid 12` in a log is not a list.
    private static func isListStart(_ rest: ArraySlice<UInt8>) -> Bool {
        let words = rest.filter { $0 > 0x20 }
        guard let first = words.first, let last = words.last else { return true }
        return "\"'".utf8.contains(first) || last == UInt8(ascii: ",")
    }

    /// The name before an assignment sign.
    private static func name(before line: ArraySlice<UInt8>) -> String? {
        var end = line.endIndex
        while end > line.startIndex, ":= \t\"'\\".utf8.contains(line[end - 1]) { end -= 1 }
        guard end < line.endIndex, line[end...].contains(where: { $0 == UInt8(ascii: ":") || $0 == UInt8(ascii: "=") }) else { return nil }
        var start = end
        while start > line.startIndex, isName(line[start - 1]) { start -= 1 }
        return start < end ? String(decoding: line[start..<end], as: UTF8.self) : nil
    }

    /// `name: …`: a member of a map. Members have names of their own.
    private func isMember(_ line: ArraySlice<UInt8>) -> Bool {
        var rest = line.drop { "\"'".utf8.contains($0) }
        let length = rest.prefix(while: Self.isName).count
        rest = rest.dropFirst(length).drop { "\"'".utf8.contains($0) }
        return length > 0 && rest.first == UInt8(ascii: ":")
    }

    private static func isName(_ byte: UInt8) -> Bool {
        (0x30...0x39).contains(byte) || (0x41...0x5A).contains(byte) || (0x61...0x7A).contains(byte) || "_-.".utf8.contains(byte)
    }
}
