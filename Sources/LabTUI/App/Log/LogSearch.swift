/// A search in bytes. It ignores case unless the searched text has capitals.
package struct LogSearch: Sendable {
    private let needle: [UInt8]
    private let folds: Bool

    package init(_ text: String) {
        folds = !text.contains { $0.isUppercase }
        needle = Array(text.utf8)
    }

    package func isFound(in bytes: ArraySlice<UInt8>) -> Bool { first(in: bytes, from: bytes.startIndex) != nil }

    /// The start of the first match at or after `start`.
    package func first(in bytes: ArraySlice<UInt8>, from start: Int) -> Int? {
        guard let head = needle.first, bytes.count >= needle.count else { return nil }
        var index = start
        let last = bytes.endIndex - needle.count
        while index <= last {
            if fold(bytes[index]) == head, matches(bytes, at: index) { return index }
            index += 1
        }
        return nil
    }

    private func matches(_ bytes: ArraySlice<UInt8>, at index: Int) -> Bool {
        for offset in needle.indices where fold(bytes[index + offset]) != needle[offset] { return false }
        return true
    }

    private func fold(_ byte: UInt8) -> UInt8 { folds && (0x41...0x5A).contains(byte) ? byte | 0x20 : byte }

    /// The line with all matches marked.
    package func marked(_ line: RichLine, _ style: Style) -> RichLine {
        RichLine(line.spans.flatMap { mark($0, style) }, hanging: line.hanging)
    }

    private func mark(_ span: Span, _ style: Style) -> [Span] {
        let bytes = Array(span.text.utf8)[...]
        var spans: [Span] = []
        var start = 0
        while let found = first(in: bytes, from: start) {
            if found > start { spans.append(Span(String(decoding: bytes[start..<found], as: UTF8.self), span.style)) }
            start = found + needle.count
            spans.append(Span(String(decoding: bytes[found..<start], as: UTF8.self), span.style.with(style)))
        }
        guard start > 0 else { return [span] }
        if start < bytes.count { spans.append(Span(String(decoding: bytes[start...], as: UTF8.self), span.style)) }
        return spans
    }
}
