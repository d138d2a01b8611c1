/// Grey values drawn two to a cell with half blocks, or as a ramp of characters.
package struct Picture: Sendable, Equatable {
    package let width: Int
    package let height: Int
    /// Row by row, 0 black to 255 white.
    package let pixels: [UInt8]

    /// Nil where the numbers do not fit together.
    package init?(width: Int, height: Int, pixels: [UInt8]) {
        guard width > 0, height > 0, pixels.count == width * height else { return nil }
        self.width = width
        self.height = height
        self.pixels = pixels
    }

    /// Rows that it takes.
    package func rows(_ look: Look) -> Int { (height + 1) / 2 }

    package func draw(in rect: Rect, on buffer: inout CellBuffer, _ look: Look) {
        let colored = look.glyphs.isUnicode && look.theme != .mono
        for row in 0..<min(rect.rows, (height + 1) / 2) {
            for column in 0..<min(rect.columns, width) {
                let upper = pixels[2 * row * width + column]
                let lower = 2 * row + 1 < height ? pixels[(2 * row + 1) * width + column] : 0
                if colored {
                    buffer.put("▀", at: rect.column + column, rect.row + row, Style(Self.gray(upper), on: Self.gray(lower)))
                } else {
                    buffer.put(Self.ramp(Int(upper) + Int(lower)), at: rect.column + column, rect.row + row)
                }
            }
        }
    }

    /// The 24 greys of the 256 colours.
    private static func gray(_ value: UInt8) -> Int16 { 232 + Int16(value) * 23 / 255 }

    private static func ramp(_ sum: Int) -> String {
        let steps = Array(" .:-=+*#%@")
        return String(steps[min(steps.count - 1, sum * steps.count / 511)])
    }
}
