import LabFile

/// Parses a metric in the form in which `JournalWriter` writes it: with sorted keys and no blanks. A long training has tens of thousands of
/// metrics, and a general JSON decoder takes thirty times as long for each.
struct MetricLine {
    private let line: UnsafeRawBufferPointer
    private var place = 0

    /// The event in a line. Nil if it isn't a metric, or if it needs a general decoder.
    static func event(_ line: UnsafeRawBufferPointer) -> Event? {
        var scanner = MetricLine(line: line)
        return scanner.event()
    }

    private init(line: UnsafeRawBufferPointer) { self.line = line }

    private mutating func event() -> Event? {
        guard take("{") else { return nil }
        if take("\"chain\":\"") { guard word() != nil, take(",") else { return nil } }
        let epoch = take("\"epoch\":") ? number(",") : nil
        if take("\"more\":{"), !skipNumbers() { return nil }
        guard take("\"name\":\""), let name = word(), take(",\"schema\":1,\"seq\":"), let sequence = number(",") else { return nil }
        let step = take("\"step\":") ? number(",") : nil
        var task: TaskID?
        if take("\"task\":\"") {
            guard let id = word().flatMap({ TaskID($0) }), take(",") else { return nil }
            task = id
        }
        guard take("\"time\":"), let time = number(","), take("\"type\":\"metric\",\"value\":"), let value = number("}"),
            place == line.count,
            let count = Int(exactly: sequence)
        else { return nil }
        // A report doesn't use the other numbers.
        let metric = Metric(name: name, value: value, epoch: epoch, step: step)
        return Event(sequence: count, time: time, task: task, payload: .metric(metric))
    }

    private mutating func take(_ text: StaticString) -> Bool {
        let count = text.utf8CodeUnitCount
        guard place + count <= line.count else { return false }
        for index in 0..<count where line[place + index] != text.utf8Start[index] { return false }
        place += count
        return true
    }

    /// A number and the character after it.
    private mutating func number(_ end: Unicode.Scalar) -> Double? {
        guard let stop = line[place...].firstIndex(of: UInt8(ascii: end)) else { return nil }
        let value = Double(String(decoding: line[place..<stop], as: UTF8.self))
        place = stop + 1
        // JSON has no words for infinity, but this initializer does.
        return value.flatMap { $0.isFinite ? $0 : nil }
    }

    /// The rest of a quoted text, including the closing quotation mark.
    private mutating func word() -> String? {
        guard let stop = line[place...].firstIndex(of: UInt8(ascii: "\"")), !line[place..<stop].contains(UInt8(ascii: "\\")) else {
            return nil
        }
        let text = String(decoding: line[place..<stop], as: UTF8.self)
        place = stop + 1
        return text
    }

    /// An object with numbers, and the comma after it. If a name contains a brace, a quotation mark or a backslash, the general decoder
    /// reads it.
    private mutating func skipNumbers() -> Bool {
        guard let stop = line[place...].firstIndex(of: UInt8(ascii: "}")) else { return false }
        let inside = line[place..<stop]
        guard !inside.contains(UInt8(ascii: "\\")), !inside.contains(UInt8(ascii: "{")),
            inside.count(where: { $0 == UInt8(ascii: "\"") }) % 2 == 0
        else { return false }
        place = stop + 1
        return take(",")
    }
}
