/// Which lines hold a text: kept as lines come, so that nothing is searched twice.
package struct LogFilter: Sendable, Equatable {
    package private(set) var text = ""
    /// Numbers of the lines that hold it, ascending; some of the first may have been dropped from the log since.
    private(set) var numbers: [Int] = []
    private var end = 0

    package init() {}

    package var isOn: Bool { !text.isEmpty }

    /// Begins to look for another text; an empty one lets every line through.
    package mutating func set(_ text: String, _ log: LogBuffer) {
        self.text = text
        restart()
        take(log)
    }

    /// Forgets the lines, for another log.
    package mutating func restart() {
        numbers = []
        end = 0
    }

    /// Looks at the lines that came since the last call.
    package mutating func take(_ log: LogBuffer) {
        guard isOn else { return }
        let needle = LogSearch(text)
        for number in max(end, log.firstLine)..<max(end, log.endLine) where needle.isFound(in: log.bytes(of: number)) {
            numbers.append(number)
        }
        end = log.endLine
        if let first = numbers.first, first < log.firstLine, numbers.count > 1024 { numbers.removeAll { $0 < log.firstLine } }
    }

    /// Whether it lets an unfinished line through.
    package func passes(_ line: TerminalLines.Line) -> Bool { !isOn || LogSearch(text).isFound(in: line.bytes[...]) }
}

/// The lines of a log that are shown, by their place among them.
package struct LogLines {
    private let first: Int
    private let numbers: ArraySlice<Int>?
    package let count: Int

    package init(_ log: LogBuffer, _ filter: LogFilter) {
        first = log.firstLine
        numbers = filter.isOn ? filter.numbers[Self.lowerBound(filter.numbers[...], log.firstLine)...] : nil
        count = numbers?.count ?? log.count
    }

    /// The number in the log of the line at a place; the last one's, or the log's first, where there is none.
    package subscript(place: Int) -> Int {
        guard let numbers else { return first + place }
        let index = numbers.startIndex + max(0, place)
        return index < numbers.endIndex ? numbers[index] : numbers.last ?? first
    }

    /// The place of a line, or of the next that is shown.
    package func index(of number: Int) -> Int {
        guard let numbers else { return max(0, number - first) }
        return Self.lowerBound(numbers, number) - numbers.startIndex
    }

    private static func lowerBound(_ numbers: ArraySlice<Int>, _ wanted: Int) -> Int {
        var low = numbers.startIndex
        var high = numbers.endIndex
        while low < high {
            let middle = (low + high) / 2
            if numbers[middle] < wanted { low = middle + 1 } else { high = middle }
        }
        return low
    }
}
