/// The meaning of a piece of the screen. The theme decides how it looks.
package enum Role: Sendable, CaseIterable {
    case text
    case muted
    case strong
    case heading
    case code
    case link
    case border
    case borderFocused
    case title
    case header
    case selection
    case selectionUnfocused
    case good
    case bad
    case warning
    case running
    case gauge
    case gaugeRest
    case tab
    case tabActive
    case key
    case match
    case command
    case plot1
    case plot2
}

/// The styles of the roles. Color alone never carries a meaning: each state also has a word and a symbol.
package enum Theme: String, Sendable, CaseIterable {
    case standard
    case contrast
    case colorBlind
    case mono

    /// The next theme. After the last comes the first.
    package var next: Theme {
        let all = Theme.allCases
        let index = all.firstIndex(of: self) ?? 0
        return all[(index + 1) % all.count]
    }

    /// How a role looks on a terminal whose background is light or dark. Dark is assumed if the terminal doesn't say.
    package func style(_ role: Role, isLight: Bool = false) -> Style {
        switch self {
        case .standard: isLight ? Self.lightStyle(role) : Self.standardStyle(role)
        case .contrast: isLight ? Self.lightContrastStyle(role) : Self.contrastStyle(role)
        case .colorBlind: isLight ? Self.lightColorBlindStyle(role) : Self.colorBlindStyle(role)
        case .mono: Self.monoStyle(role)
        }
    }

    /// The colors of everything that has none of its own. Default colors belong to the terminal.
    package func ground(isLight: Bool) -> Style { self == .contrast ? style(.text, isLight: isLight) : .plain }

    private static func standardStyle(_ role: Role) -> Style {
        switch role {
        case .text: .plain
        case .muted: Style(-1, .dim)
        case .strong: Style(-1, .bold)
        case .heading: Style(6, .bold)
        case .code, .command: Style(3)
        case .link: Style(4, .underline)
        case .border: Style(-1, .dim)
        case .borderFocused: Style(6)
        case .title: Style(-1, .bold)
        case .header: Style(-1, .reverse)
        case .selection: Style(-1, [.reverse, .bold])
        case .selectionUnfocused: Style(-1, .reverse)
        case .good: Style(2)
        case .bad: Style(1, .bold)
        case .warning: Style(3, .bold)
        case .running: Style(6, .bold)
        case .gauge: Style(6)
        case .gaugeRest: Style(-1, .dim)
        case .tab: .plain
        case .tabActive: Style(6, [.bold, .underline])
        case .key: Style(6, .bold)
        case .match: Style(0, on: 3)
        case .plot1: Style(6)
        case .plot2: Style(2)
        }
    }

    /// On a light background, yellow and cyan can't be read. Blue and magenta take their places.
    private static func lightStyle(_ role: Role) -> Style {
        switch role {
        case .heading, .running, .key: Style(4, .bold)
        case .borderFocused, .gauge, .plot1: Style(4)
        case .tabActive: Style(4, [.bold, .underline])
        case .code, .command: Style(5)
        case .warning: Style(5, .bold)
        case .match: Style(15, on: 4)
        case .text, .muted, .strong, .link, .border, .title, .header, .selection, .selectionUnfocused, .good, .bad, .gaugeRest, .tab,
            .plot2:
            standardStyle(role)
        }
    }

    /// Bright colors on black, without dim text.
    private static func contrastStyle(_ role: Role) -> Style {
        switch role {
        case .text, .muted, .border: Style(15, on: 0)
        case .good: Style(10, on: 0, .bold)
        case .bad: Style(9, on: 0, [.bold, .reverse])
        case .warning: Style(11, on: 0, .bold)
        case .running, .borderFocused, .tabActive, .key: Style(14, on: 0, .bold)
        case .selection, .header, .match: Style(0, on: 15, .bold)
        default: Style(15, on: 0, standardStyle(role).attributes.subtracting(.dim).union(.bold))
        }
    }

    /// Black on white, without colors that a light background swallows.
    private static func lightContrastStyle(_ role: Role) -> Style {
        switch role {
        case .text, .muted, .border: Style(0, on: 15)
        case .warning: Style(0, on: 15, [.bold, .underline])
        case .bad: Style(0, on: 15, [.bold, .reverse])
        case .running, .borderFocused, .tabActive, .key: Style(4, on: 15, .bold)
        case .selection, .header, .match: Style(15, on: 0, .bold)
        case .strong, .heading, .code, .link, .title, .selectionUnfocused, .good, .gauge, .gaugeRest, .tab, .command, .plot1, .plot2:
            Style(0, on: 15, standardStyle(role).attributes.subtracting(.dim).union(.bold))
        }
    }

    private static func lightColorBlindStyle(_ role: Role) -> Style {
        switch role {
        case .good: Style(4, .bold)
        case .bad: Style(1, [.bold, .underline])
        case .plot2: Style(1)
        case .text, .muted, .strong, .heading, .code, .link, .border, .borderFocused, .title, .header, .selection, .selectionUnfocused,
            .warning, .running, .gauge, .gaugeRest, .tab, .tabActive, .key, .match, .command, .plot1:
            lightStyle(role)
        }
    }

    /// Blue and orange instead of green and red.
    private static func colorBlindStyle(_ role: Role) -> Style {
        switch role {
        case .good: Style(4, .bold)
        case .bad: Style(3, [.bold, .underline])
        case .warning: Style(3)
        case .plot1: Style(4)
        case .plot2: Style(3)
        default: standardStyle(role)
        }
    }

    private static func monoStyle(_ role: Role) -> Style {
        switch role {
        case .good: .plain
        case .bad: Style(-1, [.bold, .underline])
        case .warning, .running, .heading, .key, .command, .borderFocused: Style(-1, .bold)
        case .code: Style(-1, .italic)
        case .match: Style(-1, .reverse)
        default: Style(-1, standardStyle(role).attributes)
        }
    }
}

extension Style {
    package init(_ foreground: Int16, _ attributes: Attributes) { self.init(foreground, on: -1, attributes) }
}

/// The theme and the characters, which depend on the terminal and on the student's choice.
package struct Look: Sendable, Equatable {
    package var theme: Theme
    package var glyphs: Glyphs
    /// Whether the terminal's background is light. Terminals that don't say are mostly dark.
    package var isLight: Bool

    package init(theme: Theme = .standard, glyphs: Glyphs = .unicode, isLight: Bool = false) {
        self.theme = theme
        self.glyphs = glyphs
        self.isLight = isLight
    }

    package subscript(role: Role) -> Style { theme.style(role, isLight: isLight) }

    /// The colors of everything that has none of its own.
    package var ground: Style { theme.ground(isLight: isLight) }
}
