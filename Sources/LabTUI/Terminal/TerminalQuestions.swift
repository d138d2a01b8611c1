/// What this terminal can be asked. Terminals that don't know a question ignore it, but a few print a part of it, so those aren't asked.
package struct TerminalQuestions: Sendable, Equatable {
    /// The color of the background (OSC 11).
    package var background = false
    /// Whether it shows a frame at once (DEC mode 2026, https://gist.github.com/christianparpart/d8a62cc1ab659194337d73e399004036).
    package var synchronization = false

    package init() {}

    /// `usesColor` is false if colors don't matter.
    package init(environment: [String: String], usesColor: Bool) {
        let term = environment["TERM"] ?? ""
        guard Self.families.contains(where: { term.hasPrefix($0) }) else { return }
        background = usesColor
        // Apple's Terminal prints the last letter of the question. GNU screen doesn't pass it on; tmux, which may use the same name, does.
        let isScreen = term.hasPrefix("screen") && (environment["TMUX"] ?? "").isEmpty
        synchronization = environment["TERM_PROGRAM"] != "Apple_Terminal" && !isScreen
    }

    private static let families = [
        "xterm", "tmux", "screen", "rxvt", "alacritty", "foot", "wezterm", "ghostty", "konsole", "vte", "gnome", "contour", "st-", "mintty",
    ]

    /// The background that some terminals announce in `COLORFGBG`: the last number is its color.
    package static func isLight(_ environment: [String: String]) -> Bool {
        let last = environment["COLORFGBG"]?.split(separator: ";").last
        return last == "7" || last == "15"
    }
}

/// Finds the terminal's answers among the keys. An answer comes in one piece, so the keys before and after it stay what they are.
struct TerminalAnswers {
    enum Answer: Equatable {
        case background(isLight: Bool)
        case synchronization(Bool)
    }

    /// What an answer begins with. curses reports it as one key.
    enum Question: Int32, CaseIterable {
        case background = 0x1003
        case synchronization = 0x1004

        var prefix: String { self == .background ? "\u{1B}]11;" : "\u{1B}[?2026;" }
        var text: String { self == .background ? "\u{1B}]11;?\u{07}" : "\u{1B}[?2026$p" }
    }

    /// No answer is longer. What goes on is something else.
    private static let limit = 32

    private var question: Question?
    private var text = ""
    /// The escape of the two characters that end an answer has come.
    private var isEnding = false

    /// True while characters belong to an answer.
    var isReading: Bool { question != nil }

    mutating func begin(_ question: Question) {
        self = TerminalAnswers()
        self.question = question
    }

    /// Takes the next character of the answer. Returns the answer with its last one.
    mutating func take(_ code: UInt32) -> Answer? {
        guard let question else { return nil }
        let isEnd = isEnding || code == 0x07 || (question == .synchronization && code == 0x79)
        if code == 0x1B, !isEnding {
            isEnding = true
            return nil
        }
        guard isEnd else {
            if let scalar = Unicode.Scalar(code) { text.unicodeScalars.append(scalar) }
            if text.count > Self.limit { self.question = nil }
            return nil
        }
        self.question = nil
        return question == .background ? Self.isLight(text).map { .background(isLight: $0) } : .synchronization(Self.isKnown(text))
    }

    /// From `rgb:ffff/ffff/ffff`, with one to four digits for each color.
    static func isLight(_ text: String) -> Bool? {
        guard let colon = text.firstIndex(of: ":"), text.hasPrefix("rgb") else { return nil }
        let parts = text[text.index(after: colon)...].split(separator: "/").prefix(3).map { part -> Double? in
            guard let value = Int(part, radix: 16), (1...4).contains(part.count) else { return nil }
            return Double(value) / Double((1 << (4 * part.count)) - 1)
        }
        guard parts.count == 3, let red = parts[0], let green = parts[1], let blue = parts[2] else { return nil }
        return 0.299 * red + 0.587 * green + 0.114 * blue > 0.5
    }

    /// From `2$`: 1 and 2 mean that the mode can be set; 0 that it isn't known, 3 and 4 that it can't be changed.
    private static func isKnown(_ text: String) -> Bool { ["1$", "2$"].contains(text) }
}
