/// Collects the lines of a response's head.
struct HeadParser {
    private var head = ResponseHead(status: 0)

    /// Takes one line with or without its line end. Returns the head at the blank line.
    ///
    /// Interim responses (100, 103) are skipped. The head is complete at the blank line, not at the first byte of the body: a stream of
    /// logs or events may stay silent for minutes.
    mutating func take(_ bytes: UnsafeRawBufferPointer) -> ResponseHead? {
        let line = String(decoding: bytes, as: UTF8.self)
        let text = line.trimmed
        if line.hasPrefix("HTTP/") {
            head = ResponseHead(status: text.split(separator: " ").dropFirst().first.flatMap { Int($0) } ?? 0)
        } else if text.isEmpty {
            return head.status >= 200 || head.status == 101 ? head : nil
        } else if let colon = text.firstIndex(of: ":") {
            head.headers.append(text[..<colon].description, text[text.index(after: colon)...].description.trimmed)
        }
        return nil
    }
}

extension String {
    /// The text without surrounding blanks and line ends. It works on bytes, because "\r\n" is one `Character`.
    fileprivate var trimmed: String {
        let blanks: Set<UInt8> = [9, 10, 13, 32]
        let start = utf8.firstIndex { !blanks.contains($0) } ?? endIndex
        let end = utf8.lastIndex { !blanks.contains($0) }.map { utf8.index(after: $0) } ?? start
        return String(self[start..<end])
    }
}
