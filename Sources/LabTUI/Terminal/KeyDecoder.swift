import CNcursesw

/// Converts the keys that curses reports.
struct KeyDecoder {
    enum Decoded {
        case key(Key)
        case mouse(Mouse)
        case pasteBegins
        case pasteEnds
        case nothing
    }

    static let pasteBegin: Int32 = 0x1001
    static let pasteEnd: Int32 = 0x1002

    /// Converts a character that `get_wch` returns with OK.
    static func character(_ code: UInt32) -> Decoded {
        switch code {
        case 0x1B: return .key(.escape)
        case 0x0D, 0x0A: return .key(.enter)
        case 0x09: return .key(.tab)
        case 0x08, 0x7F: return .key(.backspace)
        case 0x01...0x1A: return .key(.control(Character(Unicode.Scalar(UInt8(code + 0x60)))))
        case 0x00...0x1F: return .nothing
        default: return Unicode.Scalar(code).map { .key(.character(Character($0))) } ?? .nothing
        }
    }

    /// Converts a function key that `get_wch` returns with KEY_CODE_YES.
    static func function(_ code: Int32) -> Decoded {
        if code == pasteBegin { return .pasteBegins }
        if code == pasteEnd { return .pasteEnds }
        if code == KEY_MOUSE { return mouse() }
        if let key = plain[code] { return .key(key) }
        for number in 1...12 where code == cn_function_key(Int32(number)) { return .key(.function(number)) }
        return .nothing
    }

    private static let plain: [Int32: Key] = [
        KEY_UP: .up, KEY_DOWN: .down, KEY_LEFT: .left, KEY_RIGHT: .right, KEY_HOME: .home, KEY_END: .end, KEY_PPAGE: .pageUp,
        KEY_NPAGE: .pageDown, KEY_BTAB: .backTab, KEY_ENTER: .enter, KEY_BACKSPACE: .backspace, KEY_DC: .delete, KEY_FIND: .home,
        KEY_SELECT: .end,
    ]

    private static func mouse() -> Decoded {
        var event = MEVENT()
        guard getmouse(&event) == OK else { return .nothing }
        let (column, row) = (Int(event.x), Int(event.y))
        if event.bstate & CN_WHEEL_UP != 0 { return .mouse(Mouse(.wheelUp, column: column, row: row)) }
        if event.bstate & CN_WHEEL_DOWN != 0 { return .mouse(Mouse(.wheelDown, column: column, row: row)) }
        return event.bstate & CN_BUTTON1 != 0 ? .mouse(Mouse(.press, column: column, row: row)) : .nothing
    }
}
