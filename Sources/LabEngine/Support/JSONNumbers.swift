extension JSONText {
    /// The first number in a JSON text that would change if it were read and written again, or nil.
    ///
    /// `JSONValue` holds numbers as `Double`, which has 53 bits. An integer that would come back in another form also counts as changed.
    package static func changedNumber(in bytes: [UInt8]) -> String? {
        var index = 0
        while index < bytes.count {
            if bytes[index] == UInt8(ascii: "\"") {
                index += 1
                while index < bytes.count, bytes[index] != UInt8(ascii: "\"") { index += bytes[index] == UInt8(ascii: "\\") ? 2 : 1 }
                index += 1
                continue
            }
            let start = index
            while index < bytes.count, "0123456789+-.eE".utf8.contains(bytes[index]) { index += 1 }
            // A word without a digit is not a number: the e of `true` and `false`.
            let word = String(decoding: bytes[start..<index], as: UTF8.self)
            if word.utf8.contains(where: { (0x30...0x39).contains($0) }), !survives(word) { return word }
            if index == start { index += 1 }
        }
        return nil
    }

    /// Whether a JSON text has a whole number of more than 16 digits. No record of ailab's own has one, and a sum with it could overflow.
    package static func hasHugeInteger(_ bytes: UnsafeRawBufferPointer) -> Bool {
        var isText = false
        var isEscaped = false
        var isWhole = true
        var digits = 0
        for byte in bytes {
            if isText {
                if byte == UInt8(ascii: "\""), !isEscaped { isText = false }
                isEscaped = byte == UInt8(ascii: "\\") && !isEscaped
            } else if (0x30...0x39).contains(byte) {
                digits += 1
            } else {
                if isWhole, digits > 16, !".eE".utf8.contains(byte) { return true }
                isWhole = !".eE".utf8.contains(byte)
                isText = byte == UInt8(ascii: "\"")
                digits = 0
            }
        }
        return isWhole && digits > 16
    }

    private static func survives(_ number: String) -> Bool {
        guard let value = Double(number), let written = JSONValue.number(value).scalar else { return false }
        // A daemon that expects an integer rejects `1e+16`.
        return number == written || number.contains { ".eE".contains($0) } && decimal(number) == decimal(written)
    }

    /// A number as its significant digits and a power of ten. Equal numbers give equal text.
    private static func decimal(_ number: String) -> String {
        let parts = number.lowercased().split(separator: "e", omittingEmptySubsequences: false)
        let mantissa = parts[0].split(separator: ".", omittingEmptySubsequences: false)
        let fraction = mantissa.count > 1 ? String(mantissa[1]) : ""
        var digits = String((mantissa[0] + fraction).filter(\.isNumber).drop { $0 == "0" })
        // No exponent of a number that a double can hold has more than four digits.
        var power = (parts.count > 1 ? max(-99_999, min(99_999, Int(parts[1]) ?? 0)) : 0) - fraction.count
        while digits.hasSuffix("0") {
            digits.removeLast()
            power += 1
        }
        return digits.isEmpty ? "0" : "\(number.hasPrefix("-") ? "-" : "")\(digits)e\(power)"
    }
}
