/// What this terminal can be asked. Terminals that don't know a question ignore it, but a few print a part of it, so those aren't asked.
package struct TerminalQuestions: Sendable, Equatable {
    /// The color of the background (OSC 11).
    package var background = false
    /// Whether it shows a frame at once (DEC mode 2026, https://gist.github.com/christianparpart/d8a62cc1ab659194337d73e399004036).
    package var synchronization = false
    /// Whether it draws pictures: kitty's protocol, or sixels (attribute 4 in its answer to DA1).
    package var graphics = false

    package init() {}

    /// `usesColor` is false if colors don't matter, and `showsPictures` if there are none.
    package init(environment: [String: String], usesColor: Bool, showsPictures: Bool = false) {
        let term = environment["TERM"] ?? ""
        guard Self.families.contains(where: { term.hasPrefix($0) }) else { return }
        background = usesColor
        // Apple's Terminal prints the last letter of the question. GNU screen doesn't pass it on; tmux, which may use the same name, does.
        let isScreen = term.hasPrefix("screen") && (environment["TMUX"] ?? "").isEmpty
        synchronization = environment["TERM_PROGRAM"] != "Apple_Terminal" && !isScreen
        // tmux takes kitty's question for the title of its window.
        let isTmux = term.hasPrefix("tmux") || environment["TMUX"]?.isEmpty == false
        graphics = synchronization && !isTmux && usesColor && showsPictures
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
        case kitty(Bool)
        case attributes([Int])
    }

    /// What a terminal with sixels says in its primary device attributes.
    static let sixelAttribute = 4

    /// What an answer begins with. curses reports it as one key.
    enum Question: Int32, CaseIterable {
        case background = 0x1003
        case synchronization = 0x1004
        case kitty = 0x1005
        /// It's the last one: every terminal answers it, so nothing is left to wait for.
        case attributes = 0x1006

        var prefixes: [String] {
            switch self {
            case .background: ["\u{1B}]11;"]
            case .synchronization: ["\u{1B}[?2026;"]
            case .kitty: ["\u{1B}_G"]
            // The class of a terminal begins with 6, or is 1.
            case .attributes: ["\u{1B}[?6", "\u{1B}[?1"]
            }
        }

        var text: String {
            switch self {
            case .background: "\u{1B}]11;?\u{07}"
            case .synchronization: "\u{1B}[?2026$p"
            case .kitty: "\u{1B}_Gi=31,s=1,v=1,a=q,t=d,f=24;AAAA\u{1B}\\"
            case .attributes: "\u{1B}[c"
            }
        }

        /// The character that ends its answer. Nil for an answer that ends like a string.
        fileprivate var end: Character? {
            switch self {
            case .background, .kitty: nil
            case .synchronization: "y"
            case .attributes: "c"
            }
        }
    }

    /// No answer is longer, except a list of attributes. What goes on is something else.
    private static let limit = 32
    private static let attributesLimit = 96

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
        let isEnd = isEnding || (question.end == nil ? code == 0x07 : code == question.end?.unicodeScalars.first?.value)
        if code == 0x1B, !isEnding, question.end == nil {
            isEnding = true
            return nil
        }
        guard isEnd else {
            if let scalar = Unicode.Scalar(code) { text.unicodeScalars.append(scalar) }
            if text.count > (question == .attributes ? Self.attributesLimit : Self.limit) { self.question = nil }
            return nil
        }
        self.question = nil
        return switch question {
        case .background: Self.isLight(text).map { .background(isLight: $0) }
        case .synchronization: .synchronization(Self.isKnown(text))
        case .kitty: .kitty(text.hasSuffix(";OK"))
        case .attributes: .attributes(Self.attributes(text))
        }
    }

    /// From `2;4;22`, which is what follows the first digit of the terminal's class. The class is no attribute.
    private static func attributes(_ text: String) -> [Int] {
        text.split(separator: ";", omittingEmptySubsequences: false).dropFirst().compactMap { Int($0) }
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
