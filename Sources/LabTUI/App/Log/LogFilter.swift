/// The lines that contain a text. Each line is searched once, when it arrives.
package struct LogFilter: Sendable, Equatable {
    package private(set) var text = ""
    /// The numbers of these lines, ascending. The log may have dropped the first ones in the meantime.
    private(set) var numbers: [Int] = []
    private var end = 0

    package init() {}

    package var isOn: Bool { !text.isEmpty }

    /// Sets the text. An empty text shows all lines.
    package mutating func set(_ text: String, _ log: LogBuffer) {
        self.text = text
        restart()
        take(log)
    }

    /// Forgets the lines, because there's another log.
    package mutating func restart() {
        numbers = []
        end = 0
    }

    /// Searches the lines that arrived since the last call.
    package mutating func take(_ log: LogBuffer) {
        guard isOn else { return }
        let needle = LogSearch(text)
        for number in max(end, log.firstLine)..<max(end, log.endLine) where needle.isFound(in: log.bytes(of: number)) {
            numbers.append(number)
        }
        end = log.endLine
        if let first = numbers.first, first < log.firstLine, numbers.count > 1024 { numbers.removeAll { $0 < log.firstLine } }
    }

    /// True if an unfinished line contains the text.
    package func passes(_ line: TerminalLines.Line) -> Bool { !isOn || LogSearch(text).isFound(in: line.bytes[...]) }
}
