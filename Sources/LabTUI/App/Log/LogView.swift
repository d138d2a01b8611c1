/// How the student views the output: the scroll position, the search and the options.
package struct LogView: Sendable, Equatable {
    /// Whether the view stays at the end while lines arrive.
    package var follows = true
    /// The number of the line at the top, if the view doesn't follow.
    package var top = 0
    /// How many columns the view is scrolled to the right, if lines aren't wrapped.
    package var left = 0
    package var wraps = true
    package var showsTime = false
    package var search = ""
    /// The line that the last search found.
    package var match: Int?
    /// The filter for lines.
    package var filter = LogFilter()

    package init() {}

    /// Scrolls by lines. At the end, the view follows again.
    package mutating func scroll(_ lines: Int, in log: LogBuffer, rows: Int) {
        let shown = LogLines(log, filter)
        let end = max(0, shown.count - rows)
        let target = min(max(0, (follows ? end : shown.index(of: top)) + lines), end)
        top = shown[target]
        follows = lines > 0 && target >= end
    }

    package mutating func home(_ log: LogBuffer) {
        follows = false
        top = log.firstLine
    }

    /// Goes to the next or previous line that contains the searched text. Returns false if there is none.
    package mutating func find(forward: Bool, in log: LogBuffer, rows: Int) -> Bool {
        let shown = LogLines(log, filter)
        guard !search.isEmpty, shown.count > 0 else { return false }
        let needle = LogSearch(search)
        var place = forward ? (follows ? 0 : shown.index(of: top)) - 1 : shown.count
        if let match { place = shown.index(of: match) }
        for _ in 0..<shown.count {
            place += forward ? 1 : -1
            if place >= shown.count { place = 0 }
            if place < 0 { place = shown.count - 1 }
            guard needle.isFound(in: log.bytes(of: shown[place])) else { continue }
            match = shown[place]
            follows = false
            top = shown[min(max(0, place - rows / 2), max(0, shown.count - rows))]
            return true
        }
        match = nil
        return false
    }
}
