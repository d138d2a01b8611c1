package import LabTUI

extension CellBuffer {
    private static let cell = (width: 8, height: 17)

    /// The frame as a picture, with the colors of a usual terminal. `note` is a comment in it.
    package func svg(isLight: Bool = false, note: String? = nil) -> String {
        let palette = TerminalPalette(isLight: isLight)
        return Self.open(size, palette.background, note) + drawing(palette) + "</g></svg>\n"
    }

    /// Frames one after the other, as a picture that moves. `seconds` is the time of each frame. It starts again at its end.
    package static func cast(_ frames: [CellBuffer], seconds: Double, note: String? = nil) -> String {
        guard let first = frames.first else { return "" }
        let palette = TerminalPalette(isLight: false)
        let whole = Double(frames.count) * seconds
        var text = open(first.size, palette.background, note)
        for (index, frame) in frames.enumerated() {
            // Without animation, as on paper, the last frame shows.
            let isLast = index == frames.count - 1
            let (from, to) = (Double(index) / Double(frames.count), Double(index + 1) / Double(frames.count))
            let times = "0;\(from);\(to)"
            let values = index == 0 ? "visible;visible;hidden" : isLast ? "hidden;visible;visible" : "hidden;visible;hidden"
            text +=
                "<g visibility=\"\(isLast ? "visible" : "hidden")\"><animate attributeName=\"visibility\" calcMode=\"discrete\" "
                + "dur=\"\(whole)s\" repeatCount=\"indefinite\" keyTimes=\"\(times)\" values=\"\(values)\"/>\n"
            text += frame.drawing(palette) + "</g>\n"
        }
        return text + "</g></svg>\n"
    }

    private static func open(_ size: Size, _ background: String, _ note: String?) -> String {
        let (width, height) = (size.columns * cell.width, size.rows * cell.height)
        return """
            <svg xmlns="http://www.w3.org/2000/svg" width="\(width)" height="\(height)" viewBox="0 0 \(width) \(height)">\(note.map { "<!-- \($0) -->" } ?? "")
            <rect width="\(width)" height="\(height)" fill="\(background)"/>
            <g font-family="DejaVu Sans Mono, Noto Sans Mono CJK SC, monospace" font-size="13" xml:space="preserve">

            """
    }

    private func drawing(_ palette: TerminalPalette) -> String { (0..<size.rows).map { line($0, palette) }.joined() }

    /// Characters of one style.
    private struct Run {
        var ink: String
        var attributes: String
        var places: [Int] = []
        var text = ""

        func drawn(_ y: Int) -> String {
            "<text x=\"\(places.map(String.init).joined(separator: " "))\" y=\"\(y)\" fill=\"\(ink)\"\(attributes)>\(text)</text>"
        }
    }

    /// First the backgrounds, then each character at its own place, so that no font moves anything.
    private func line(_ row: Int, _ palette: TerminalPalette) -> String {
        let (width, height) = Self.cell
        let y = row * height
        var back = ""
        var front = ""
        var run: Run?
        for (column, cell) in self.row(row).enumerated() where cell.width > 0 {
            let (x, columns) = (column * width, Int(cell.width) * width)
            let (ink, paper) = palette.colors(cell.style)
            if paper != palette.background {
                back += "<rect x=\"\(x)\" y=\"\(y)\" width=\"\(columns)\" height=\"\(height)\" fill=\"\(paper)\"/>"
            }
            switch cell.base {
            case 0x20:
                // Each word has a place of its own: some programs ignore the places of single characters, and would lose the blanks.
                front += run?.drawn(y + 13) ?? ""
                run = nil
            case 0x2580: front += "<rect x=\"\(x)\" y=\"\(y)\" width=\"\(width)\" height=\"\(height / 2 + 1)\" fill=\"\(ink)\"/>"
            case 0x2588: front += "<rect x=\"\(x)\" y=\"\(y)\" width=\"\(width)\" height=\"\(height)\" fill=\"\(ink)\"/>"
            case 0x2800...0x28FF: front += braille(cell.base, x, y, ink)
            default:
                let attributes = Self.attributes(cell)
                if run?.ink != ink || run?.attributes != attributes {
                    front += run?.drawn(y + 13) ?? ""
                    run = Run(ink: ink, attributes: attributes)
                }
                let scalars = [cell.base, cell.mark1, cell.mark2].filter { $0 != 0 }
                run?.places.append(x)
                run?.text += scalars.map(Self.escaped).joined()
                // A mark or a surrogate would take the place of the next character.
                if scalars.count > 1 || cell.base > 0xFFFF {
                    front += run?.drawn(y + 13) ?? ""
                    run = nil
                }
            }
        }
        return back + front + (run?.drawn(y + 13) ?? "") + "\n"
    }

    private static func escaped(_ scalar: UInt32) -> String {
        switch scalar {
        case 0x26: "&amp;"
        case 0x3C: "&lt;"
        case 0x3E: "&gt;"
        default: Unicode.Scalar(scalar).map { String(Character($0)) } ?? ""
        }
    }

    private static func attributes(_ cell: Cell) -> String {
        var more = cell.width == 2 ? " font-family=\"Noto Sans Mono CJK SC, WenQuanYi Micro Hei Mono, monospace\"" : ""
        if cell.style.attributes.contains(.bold) { more += " font-weight=\"bold\"" }
        if cell.style.attributes.contains(.italic) { more += " font-style=\"italic\"" }
        if cell.style.attributes.contains(.underline) { more += " text-decoration=\"underline\"" }
        if cell.style.attributes.contains(.dim) { more += " opacity=\"0.6\"" }
        return more
    }

    /// The eight dots of a braille cell, which many fonts lack.
    private func braille(_ base: UInt32, _ x: Int, _ y: Int, _ ink: String) -> String {
        let places = [(0, 0), (0, 1), (0, 2), (1, 0), (1, 1), (1, 2), (0, 3), (1, 3)]
        return places.enumerated().filter { (base - 0x2800) >> UInt32($0.offset) & 1 == 1 }.map { _, place in
            "<circle cx=\"\(x + 2 + 4 * place.0)\" cy=\"\(y + 2 + 4 * place.1)\" r=\"1.2\" fill=\"\(ink)\"/>"
        }.joined()
    }
}

/// The colors behind a terminal's indices.
private struct TerminalPalette {
    let background: String
    private let foreground: String

    init(isLight: Bool) {
        background = isLight ? "#fdfdfd" : "#16181d"
        foreground = isLight ? "#24292f" : "#d4d7dd"
    }

    private static let basic = [
        "#16181d", "#d1495b", "#4f9d5d", "#c99a2e", "#4c7fd0", "#a866c7", "#3fa0a8", "#c4c8d0", "#5c6370", "#ff6b7d", "#7bd88f", "#f5d76e",
        "#79a9f5", "#d59bf0", "#6fd6de", "#ffffff",
    ]

    /// The colors of a cell's ink and paper.
    func colors(_ style: Style) -> (ink: String, paper: String) {
        let ink = style.foreground >= 0 ? Self.color(style.foreground) : foreground
        let paper = style.background >= 0 ? Self.color(style.background) : background
        return style.attributes.contains(.reverse) ? (paper, ink) : (ink, paper)
    }

    private static func color(_ index: Int16) -> String {
        if index < 16 { return basic[Int(index)] }
        func level(_ value: Int) -> Int { value == 0 ? 0 : 55 + 40 * value }
        let value = Int(index)
        let parts = value >= 232 ? Array(repeating: 8 + 10 * (value - 232), count: 3) : [36, 6, 1].map { level((value - 16) / $0 % 6) }
        return "rgb(\(parts.map(String.init).joined(separator: ",")))"
    }
}
