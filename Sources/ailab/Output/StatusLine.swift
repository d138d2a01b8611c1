import Glibc
import LabFile
import LabRunner
import LabSupport
import LabTUI

/// One line at the bottom of the terminal: what is at work and how far it is. Without a terminal, a line now and then.
struct StatusLine {
    /// Seconds between two lines where the line cannot be redrawn.
    private static let pause = 15.0

    private struct Work {
        var began: Double
        var expected: Int
        var progress: Progress?
        var said: Double
    }

    private let isLive: Bool
    private let words: Words
    private var works: [TaskID: Work] = [:]
    private var isDrawn = false

    init(isLive: Bool, words: Words) {
        self.isLive = isLive
        self.words = words
    }

    mutating func begin(_ task: TaskID, at time: Double, expected: Int) {
        works[task] = Work(began: time, expected: expected, progress: nil, said: time)
    }

    mutating func end(_ task: TaskID) { works[task] = nil }

    mutating func update(_ event: Event, _ progress: Progress) {
        guard let task = event.task, var work = works[task] else { return }
        work.progress = progress
        if !isLive, event.time - work.said >= Self.pause {
            work.said = event.time
            Console.error("  \(task) … \(words.progress(progress)) \(words.elapsed(event.time - work.began, of: work.expected))")
        }
        works[task] = work
    }

    mutating func clear() {
        guard isLive, isDrawn else { return }
        Console.control("\r\u{1B}[K")
        isDrawn = false
    }

    mutating func draw() {
        guard isLive, !works.isEmpty else { return }
        let now = wallClock()
        let parts = works.sorted { $0.key < $1.key }.map { task, work in
            "\(task) \(work.progress.map { words.progress($0) } ?? "…") \(words.elapsed(now - work.began, of: work.expected))"
        }
        // Cleaned before it's cut, because the columns of what is dropped don't count. It must stay one line.
        let line = Console.safe(parts.joined(separator: "  ·  ")).replacing("\n", with: " ")
        Console.write(Self.fit(line, Console.columns - 1), to: STDERR_FILENO)
        isDrawn = true
    }

    /// Cuts by columns: a line that wraps cannot be cleared.
    static func fit(_ text: String, _ columns: Int) -> String {
        String(CellWidth.prefix(text[...], fitting: columns).text)
    }
}
