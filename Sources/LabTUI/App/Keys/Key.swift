/// A key that the student pressed.
package enum Key: Sendable, Hashable {
    case character(Character)
    /// Ctrl with a lower-case letter.
    case control(Character)
    case function(Int)
    case up
    case down
    case left
    case right
    case home
    case end
    case pageUp
    case pageDown
    case tab
    case backTab
    case enter
    case escape
    case backspace
    case delete

    /// The name in key bars and documents.
    package var name: String {
        switch self {
        case .character(" "): "Space"
        case .character(let character): String(character)
        case .control(let character): "Ctrl-\(character.uppercased())"
        case .function(let number): "F\(number)"
        case .up: "↑"
        case .down: "↓"
        case .left: "←"
        case .right: "→"
        case .home: "Home"
        case .end: "End"
        case .pageUp: "PgUp"
        case .pageDown: "PgDn"
        case .tab: "Tab"
        case .backTab: "Shift-Tab"
        case .enter: "Enter"
        case .escape: "Esc"
        case .backspace: "Backspace"
        case .delete: "Del"
        }
    }
}

/// A click, or a turn of the wheel.
package struct Mouse: Sendable, Equatable {
    package enum Action: Sendable, Equatable {
        case press
        case wheelUp
        case wheelDown
    }

    package var action: Action
    package var column: Int
    package var row: Int

    package init(_ action: Action, column: Int, row: Int) {
        self.action = action
        self.column = column
        self.row = row
    }
}
