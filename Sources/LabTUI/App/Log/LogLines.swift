/// The lines of a log that are shown. A place is a line's index among them.
package struct LogLines {
    private let first: Int
    private let numbers: ArraySlice<Int>?
    package let count: Int

    package init(_ log: LogBuffer, _ filter: LogFilter) {
        first = log.firstLine
        numbers = filter.isOn ? filter.numbers[Self.lowerBound(filter.numbers[...], log.firstLine)...] : nil
        count = numbers?.count ?? log.count
    }

    /// The number of the line at a place. After the last place, the last line's number. Without any line, the log's first number.
    package subscript(place: Int) -> Int {
        guard let numbers else { return first + place }
        let index = numbers.startIndex + max(0, place)
        return index < numbers.endIndex ? numbers[index] : numbers.last ?? first
    }

    /// The place of a line. If the line isn't shown, the place of the next one that is.
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
