/// A page of metrics in Prometheus' text format (version 0.0.4), as TorchServe and most servers write it.
///
/// Invalid lines are skipped and counted, so that one broken metric doesn't hide the others.
package struct PrometheusText: Sendable, Equatable {
    /// One line: a name, its labels and a number.
    package struct Sample: Sendable, Equatable {
        package var name: String
        package var labels: [String: String]
        package var value: Double
        /// Milliseconds since 1970, if the server gives a time.
        package var time: Int64?
    }

    package private(set) var samples: [Sample] = []
    /// The types of the metrics: `counter`, `gauge`, …
    package private(set) var types: [String: String] = [:]
    package private(set) var helps: [String: String] = [:]
    /// The number of invalid lines.
    package private(set) var broken = 0

    package init(_ text: String) {
        for line in text.utf8.split(separator: 0x0A) {
            var scanner = Scanner(line)
            scanner.skipBlanks()
            guard let first = scanner.peek, first != 0x0D else { continue }
            if first == 0x23 {
                comment(&scanner)
            } else if let sample = scanner.sample() {
                samples.append(sample)
            } else {
                broken += 1
            }
        }
    }

    /// The samples of one metric.
    package func samples(of name: String) -> [Sample] { samples.filter { $0.name == name } }

    /// Reads `# HELP name text` and `# TYPE name kind`, and ignores other comments.
    private mutating func comment(_ scanner: inout Scanner) {
        scanner.take(0x23)
        scanner.skipBlanks()
        let word = scanner.word()
        guard word == "HELP" || word == "TYPE" else { return }
        scanner.skipBlanks()
        let name = scanner.word()
        scanner.skipBlanks()
        if word == "TYPE" { types[name] = scanner.word() } else { helps[name] = scanner.unescapedRest() }
    }
}

/// Reads one line.
private struct Scanner {
    private var rest: Substring.UTF8View

    init(_ line: Substring.UTF8View) { rest = line }

    var peek: UInt8? { rest.first }

    @discardableResult
    mutating func take(_ byte: UInt8) -> Bool {
        guard rest.first == byte else { return false }
        rest = rest.dropFirst()
        return true
    }

    mutating func skipBlanks() { rest = rest.drop { $0 == 0x20 || $0 == 0x09 } }

    private mutating func prefix(while holds: (UInt8) -> Bool) -> String {
        let taken = rest.prefix(while: holds)
        rest = rest[taken.endIndex...]
        return String(decoding: taken, as: UTF8.self)
    }

    mutating func word() -> String { prefix { $0 != 0x20 && $0 != 0x09 && $0 != 0x0D } }

    mutating func sample() -> PrometheusText.Sample? {
        let name = prefix { Self.isName($0) || $0 == 0x3A }
        guard !name.isEmpty, name.utf8.first.map({ !(0x30...0x39).contains($0) }) == true else { return nil }
        skipBlanks()
        guard let labels = labels() else { return nil }
        skipBlanks()
        guard let value = Self.number(word()) else { return nil }
        skipBlanks()
        let time = word()
        guard time.isEmpty || Int64(time) != nil else { return nil }
        skipBlanks()
        take(0x0D)
        guard rest.isEmpty else { return nil }
        return PrometheusText.Sample(name: name, labels: labels, value: value, time: Int64(time))
    }

    /// Reads `{name="value",…}`, which may end with a comma or be absent. Nil if it's invalid.
    private mutating func labels() -> [String: String]? {
        guard take(0x7B) else { return [:] }
        var labels: [String: String] = [:]
        skipBlanks()
        while !take(0x7D) {
            let name = prefix(while: Self.isName)
            skipBlanks()
            guard !name.isEmpty, take(0x3D) else { return nil }
            skipBlanks()
            guard let value = quoted() else { return nil }
            labels[name] = value
            skipBlanks()
            if take(0x2C) { skipBlanks() } else if peek != 0x7D { return nil }
        }
        return labels
    }

    private mutating func quoted() -> String? {
        guard take(0x22) else { return nil }
        var bytes: [UInt8] = []
        while let byte = rest.popFirst() {
            if byte == 0x22 { return String(decoding: bytes, as: UTF8.self) }
            bytes.append(byte == 0x5C ? escaped() : byte)
        }
        return nil
    }

    /// Reads the character after a backslash. An unknown escape stays unchanged.
    private mutating func escaped() -> UInt8 {
        switch rest.first {
        case 0x6E:
            rest = rest.dropFirst()
            return 0x0A
        case 0x5C, 0x22: return rest.popFirst() ?? 0x5C
        default: return 0x5C
        }
    }

    mutating func unescapedRest() -> String {
        var bytes: [UInt8] = []
        while let byte = rest.popFirst() { bytes.append(byte == 0x5C ? escaped() : byte) }
        return String(decoding: bytes, as: UTF8.self)
    }

    private static func isName(_ byte: UInt8) -> Bool {
        (0x30...0x39).contains(byte) || (0x41...0x5A).contains(byte) || (0x61...0x7A).contains(byte) || byte == 0x5F
    }

    /// Reads a number as Go does, including `NaN`, `+Inf` and `-Inf`.
    private static func number(_ text: String) -> Double? {
        switch text.lowercased() {
        case "": nil
        case "nan": .nan
        case "inf", "+inf": .infinity
        case "-inf": -.infinity
        default: Double(text)
        }
    }
}
