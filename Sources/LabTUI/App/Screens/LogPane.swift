/// Lines of output: the last ones, or those at the scroll position.
package struct LogPane {
    private let log: LogBuffer
    private let view: LogView
    private let note: String?

    private let utcOffset: Int

    package init(_ log: LogBuffer, _ view: LogView, note: String? = nil, utcOffset: Int = 0) {
        self.log = log
        self.utcOffset = utcOffset
        self.view = view
        self.note = note
    }

    package func draw(in rect: Rect, on buffer: inout CellBuffer, _ look: Look) {
        guard !rect.isEmpty else { return }
        let lines = view.follows ? end(rect, look) : from(view.top, rect, look)
        for (row, line) in lines.prefix(rect.rows).enumerated() {
            buffer.put(line, at: rect.column, rect.row + row, limit: rect.columns)
        }
        let all = LogLines(log, view.filter)
        let first = view.follows ? max(0, all.count - rect.rows) : all.index(of: view.top)
        ScrollBar(first: first, shown: rect.rows, count: all.count).draw(rightOf: rect, on: &buffer, look)
    }

    /// The last rows, including the unfinished line.
    private func end(_ rect: Rect, _ look: Look) -> [RichLine] {
        var rows: [RichLine] = []
        if let current = log.current, view.filter.passes(current) {
            rows = shown(LogBuffer.rich(current.bytes[...], current.runs), nil, rect, look)
        }
        let all = LogLines(log, view.filter)
        var place = all.count - 1
        while rows.count < rect.rows, place >= 0 {
            let number = all[place]
            if let line = log.line(number) { rows = shown(line.line, line.time, rect, look, isMatch: number == view.match) + rows }
            place -= 1
        }
        if rows.count < rect.rows, let note { rows.insert(RichLine(note, look[.muted]).truncated(to: rect.columns), at: 0) }
        return Array(rows.suffix(rect.rows))
    }

    private func from(_ top: Int, _ rect: Rect, _ look: Look) -> [RichLine] {
        var rows: [RichLine] = []
        if top == log.firstLine, let note { rows.append(RichLine(note, look[.muted]).truncated(to: rect.columns)) }
        let all = LogLines(log, view.filter)
        var place = all.index(of: top)
        while rows.count < rect.rows, place < all.count {
            let number = all[place]
            guard let line = log.line(number) else { break }
            rows += shown(line.line, line.time, rect, look, isMatch: number == view.match)
            place += 1
        }
        return rows
    }

    private func shown(_ line: RichLine, _ time: Double?, _ rect: Rect, _ look: Look, isMatch: Bool = false) -> [RichLine] {
        var line = line
        if view.filter.isOn { line = LogSearch(view.filter.text).marked(line, look[.strong]) }
        if !view.search.isEmpty { line = LogSearch(view.search).marked(line, look[.match]) }
        if !view.wraps, view.left > 0 { line = line.dropping(columns: view.left) }
        if view.showsTime {
            line = RichLine(
                [Span((time.map { DayClock.text($0 + Double(utcOffset)) } ?? "        ") + " ", look[.muted])] + line.spans, hanging: 9)
        }
        if isMatch { line.spans.insert(Span(look.glyphs.running, look[.match]), at: 0) }
        return view.wraps ? line.wrapped(to: rect.columns) : [line]
    }
}

extension RichLine {
    /// The line without its first columns.
    func dropping(columns: Int) -> RichLine {
        var left = columns
        var result: [Span] = []
        for span in spans {
            let piece = CellWidth.prefix(Substring(span.text), fitting: left)
            left -= piece.columns
            let rest = span.text[piece.text.endIndex...]
            if !rest.isEmpty { result.append(Span(String(rest), span.style)) }
            if !rest.isEmpty { left = 0 }
        }
        return RichLine(result, hanging: hanging)
    }
}

/// The time of day.
enum DayClock {
    static func text(_ time: Double) -> String {
        let seconds = Int(time) % 86_400
        func two(_ number: Int) -> String { number < 10 ? "0\(number)" : "\(number)" }
        return "\(two(seconds / 3600)):\(two(seconds / 60 % 60)):\(two(seconds % 60))"
    }
}
