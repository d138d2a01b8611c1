import LabFile

/// Reads a journal's metric as `JournalWriter` writes it: keys sorted, no blanks. A long training has tens of thousands of them, and a
/// decoder of any JSON takes thirty times as long for each.
struct MetricLine {
    private let line: UnsafeRawBufferPointer
    private var place = 0

    /// The event in a line; nil where the line is anything else, or has something in it that only a decoder understands.
    static func event(_ line: UnsafeRawBufferPointer) -> Event? {
        var scanner = MetricLine(line: line)
        return scanner.event()
    }

    private init(line: UnsafeRawBufferPointer) { self.line = line }

    private mutating func event() -> Event? {
        guard take("{") else { return nil }
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
        // What else came with it is no part of a report.
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

    /// A number and the character behind it.
    private mutating func number(_ end: Unicode.Scalar) -> Double? {
        guard let stop = line[place...].firstIndex(of: UInt8(ascii: end)) else { return nil }
        let value = Double(String(decoding: line[place..<stop], as: UTF8.self))
        place = stop + 1
        return value
    }

    /// What is left of a text in quotation marks, and the closing one.
    private mutating func word() -> String? {
        guard let stop = line[place...].firstIndex(of: UInt8(ascii: "\"")), !line[place..<stop].contains(UInt8(ascii: "\\")) else {
            return nil
        }
        let text = String(decoding: line[place..<stop], as: UTF8.self)
        place = stop + 1
        return text
    }

    /// An object of numbers and the comma behind it. A name with a brace, a quotation mark or a backslash in it is left to the decoder.
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
