import LabFile
import LabSupport

/// The line of an output event, which is most of a long journal. It's read and written without `Codable`, some fifty times faster.
///
/// The walkthrough reads all journals of a workspace when it starts, and everybody who watches a flood reads dozens of lines a second. The form
/// is exactly the one that `JSONEncoder` writes with sorted keys. A line of any other form is left to `JSONDecoder`.
enum OutputLine {
    /// The line without its link. Nil for any other event.
    static func bytes(of event: Event) -> [UInt8]? {
        guard case .output(let output) = event.payload, let task = event.task else { return nil }
        var line = "{\"length\":\(output.length),\"offset\":\(output.offset),\"schema\":\(Event.schema),\"seq\":\(event.sequence),"
        // JSON has no difference between 1.0 and 1, and JSONEncoder writes the shorter one.
        let time = "\(event.time)"
        line +=
            "\"stream\":\"\(output.stream.rawValue)\",\"task\":\"\(task)\",\"time\":\(time.hasSuffix(".0") ? String(time.dropLast(2)) : time)"
        return Array((line + ",\"type\":\"output\"}").utf8)
    }

    /// The event of a line, with or without a link.
    static func event(_ line: Slice<UnsafeRawBufferPointer>) -> Event? {
        guard line.count > end.count, line.suffix(end.count).elementsEqual(end) else { return nil }
        var rest = line.dropLast(end.count)
        if JournalChain.link(of: line) != nil { rest = rest.dropFirst(JournalChain.linkLength) } else { rest = rest.dropFirst() }
        guard let length = number("\"length\":", &rest), let offset = number(",\"offset\":", &rest),
            number(",\"schema\":", &rest) == Event.schema, let sequence = number(",\"seq\":", &rest),
            let stream = word(",\"stream\":", &rest).flatMap(Output.Stream.init(rawValue:)),
            let task = word(",\"task\":", &rest).flatMap({ TaskID($0) }),
            take(",\"time\":", &rest), let time = Double(String(decoding: rest, as: UTF8.self)), time.isFinite
        else { return nil }
        return Event(sequence: sequence, time: time, task: task, payload: .output(Output(stream: stream, offset: offset, length: length)))
    }

    private static let end = Array(",\"type\":\"output\"}".utf8)

    private static func take(_ text: StaticString, _ rest: inout Slice<UnsafeRawBufferPointer>) -> Bool {
        let text = UnsafeRawBufferPointer(start: text.utf8Start, count: text.utf8CodeUnitCount)
        guard rest.starts(with: text) else { return false }
        rest = rest.dropFirst(text.count)
        return true
    }

    /// A whole number of at most 15 digits. No sum of them overflows.
    private static func number(_ key: StaticString, _ rest: inout Slice<UnsafeRawBufferPointer>) -> Int? {
        guard take(key, &rest) else { return nil }
        let digits = rest.prefix { $0 >= 0x30 && $0 <= 0x39 }
        guard !digits.isEmpty, digits.count <= 15 else { return nil }
        rest = rest.dropFirst(digits.count)
        return digits.reduce(0) { $0 * 10 + Int($1 - 0x30) }
    }

    /// A text without anything that JSON escapes.
    private static func word(_ key: StaticString, _ rest: inout Slice<UnsafeRawBufferPointer>) -> String? {
        guard take(key, &rest), rest.first == 0x22 else { return nil }
        let text = rest.dropFirst().prefix { $0 != 0x22 && $0 != 0x5C && $0 >= 0x20 && $0 < 0x7F }
        rest = rest.dropFirst(text.count + 1)
        guard rest.first == 0x22 else { return nil }
        rest = rest.dropFirst()
        return String(decoding: text, as: UTF8.self)
    }
}
