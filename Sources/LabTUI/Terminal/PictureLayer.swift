/// How a terminal takes pictures.
enum GraphicsDialect: Sendable, Equatable {
    /// https://sw.kovidgoyal.net/kitty/graphics-protocol/
    case kitty
    /// https://vt100.net/docs/vt3xx-gp/chapter14.html. A sixel picture has a size in pixels, so the size of a cell must be known.
    case sixel(cellWidth: Int, cellHeight: Int)
}

/// The pictures over the cells of the screen. Without a dialect, nothing is ever written: the cells show the pictures alone.
struct PictureLayer {
    /// What the terminal said that it can do. Nil until then.
    var dialect: GraphicsDialect?
    private var shown: [PlacedPicture] = []

    /// What a new frame means for the pictures.
    struct Change {
        /// Rows whose cells must be written again, because a picture lay on them.
        var rows: [Range<Int>] = []
        /// What to write after the cells.
        var text = ""
    }

    /// The change to these pictures. `written` says which rows of cells the frame writes.
    mutating func show(_ wanted: [PlacedPicture], written: (Int) -> Bool) -> Change {
        guard let dialect else { return Change() }
        defer { shown = wanted }
        switch dialect {
        case .kitty:
            // The terminal keeps the pictures above the text, so only a change matters.
            guard wanted != shown else { return Change() }
            return Change(
                text: Self.removal(shown) + Self.placed(wanted.enumerated().map { KittyPicture.text($1, id: Self.id($0)) }, wanted))
        case .sixel(let width, let height):
            // Cells that are written wipe out the picture on them. What goes away must be written over.
            let isDamaged = wanted.contains { $0.rect.rows(where: written) }
            guard wanted != shown || isDamaged else { return Change() }
            let rows = wanted == shown ? [] : shown.map { $0.rect.row..<$0.rect.bottom }
            let texts = wanted.map { SixelPicture($0, cellWidth: width, cellHeight: height).text }
            return Change(rows: rows, text: Self.placed(texts, wanted))
        }
    }

    /// Forgets the pictures, because the terminal lost or cleared the screen.
    mutating func invalidate() { shown = [] }

    /// Takes all pictures away, before another program gets the terminal.
    mutating func clear() -> String {
        defer { shown = [] }
        return dialect == .kitty ? Self.removal(shown) : ""
    }

    /// The numbers that kitty's pictures have on this screen.
    private static func id(_ index: Int) -> Int { 7310 + index }

    private static func removal(_ pictures: [PlacedPicture]) -> String {
        pictures.indices.map { KittyPicture.removal(id: id($0)) }.joined()
    }

    /// The texts at the places of the pictures. The cursor returns to where curses believes it is.
    private static func placed(_ texts: [String], _ pictures: [PlacedPicture]) -> String {
        guard !texts.isEmpty else { return "" }
        let placed = zip(texts, pictures).map { "\u{1B}[\($1.rect.row + 1);\($1.rect.column + 1)H\($0)" }
        return "\u{1B}7" + placed.joined() + "\u{1B}8"
    }
}

extension Rect {
    fileprivate func rows(where isTrue: (Int) -> Bool) -> Bool { (row..<bottom).contains(where: isTrue) }
}
