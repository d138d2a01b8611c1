import CNcursesw
import Glibc
import LabSupport

/// Shows a frame on the screen. It passes only the rows that changed to curses, which then finds the changed cells.
struct CursesPainter: ~Copyable {
    private var painted: CellBuffer?
    private var pairs: [UInt32: Int32] = [:]
    private var row: [cchar_t] = []
    private let usesColor: Bool
    /// Whether the terminal shows a frame only when it's complete.
    var isSynchronized = false
    let capture = FrameCapture()
    /// The pictures over the cells.
    var pictures = PictureLayer()

    init(usesColor: Bool) { self.usesColor = usesColor }

    /// Forgets what's on the screen, so that the next frame is drawn completely.
    mutating func invalidate() {
        painted = nil
        pictures.invalidate()
    }

    mutating func paint(_ frame: CellBuffer) {
        guard let window = cn_stdscr() else { return }
        let rows = min(frame.size.rows, Int(getmaxy(window)))
        let columns = min(frame.size.columns, Int(getmaxx(window)))
        let old = painted.flatMap { $0.size == frame.size ? $0 : nil }
        for index in 0..<rows where old?.row(index) != frame.row(index) {
            row.removeAll(keepingCapacity: true)
            for cell in frame.row(index).prefix(columns) where cell.width > 0 { row.append(content(cell)) }
            // One call for each row doesn't move the cursor or wrap, so the last cell of the screen can be written, too.
            mvwadd_wchnstr(window, Int32(index), 0, row, Int32(row.count))
        }
        let change = pictures.show(frame.pictures) { old?.row($0) != frame.row($0) }
        for lost in change.rows where lost.lowerBound < rows {
            wredrawln(window, Int32(lost.lowerBound), Int32(min(rows, lost.upperBound) - lost.lowerBound))
        }
        wnoutrefresh(window)
        let text = capture.text { doupdate() } + Array(change.text.utf8)
        let marked = isSynchronized && !text.isEmpty ? Self.begin + text + Self.end : text
        if !marked.isEmpty { _ = Files.writeAll(marked, to: STDOUT_FILENO) }
        painted = frame
    }

    /// Between these marks, the terminal shows nothing (DEC mode 2026).
    private static let begin = Array("\u{1B}[?2026h".utf8)
    private static let end = Array("\u{1B}[?2026l".utf8)

    private mutating func content(_ cell: Cell) -> cchar_t {
        var result = cchar_t()
        cn_cell(&result, wchar_t(cell.base), wchar_t(cell.mark1), wchar_t(cell.mark2), Self.attributes(cell.style), pair(cell.style))
        return result
    }

    private static func attributes(_ style: Style) -> attr_t {
        guard !style.attributes.isEmpty else { return 0 }
        var result: attr_t = 0
        if style.attributes.contains(.bold) { result |= CN_BOLD }
        if style.attributes.contains(.dim) { result |= CN_DIM }
        if style.attributes.contains(.reverse) { result |= CN_REVERSE }
        if style.attributes.contains(.underline) { result |= CN_UNDERLINE }
        if style.attributes.contains(.italic) { result |= CN_ITALIC }
        return result
    }

    private mutating func pair(_ style: Style) -> Int32 {
        guard usesColor, style.foreground >= 0 || style.background >= 0 else { return 0 }
        let foreground = Self.available(style.foreground)
        let background = Self.available(style.background)
        let key = UInt32(UInt16(bitPattern: foreground)) << 16 | UInt32(UInt16(bitPattern: background))
        if let known = pairs[key] { return known }
        let number = Int32(pairs.count + 1)
        guard number < cn_color_pairs(), init_extended_pair(number, Int32(foreground), Int32(background)) == OK else { return 0 }
        pairs[key] = number
        return number
    }

    /// The nearest color that this terminal has.
    private static func available(_ color: Int16) -> Int16 {
        guard color >= 0, Int32(color) >= cn_colors() else { return color }
        if color >= 232 { return color < 238 ? 0 : color < 248 ? 7 : cn_colors() >= 16 ? 15 : 7 }
        if color < 16 { return color % 8 }
        let (red, green, blue) = ((color - 16) / 36, (color - 16) / 6 % 6, (color - 16) % 6)
        return (red > 2 ? 1 : 0) + (green > 2 ? 2 : 0) + (blue > 2 ? 4 : 0)
    }
}
