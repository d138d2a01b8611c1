/// Gray values. Half blocks draw two of them in each cell; without Unicode or colors, characters of different density do.
package struct Picture: Sendable, Equatable {
    package let width: Int
    package let height: Int
    /// Row by row, 0 black to 255 white.
    package let pixels: [UInt8]

    /// Nil if the number of pixels doesn't match the size.
    package init?(width: Int, height: Int, pixels: [UInt8]) {
        guard width > 0, height > 0, pixels.count == width * height else { return nil }
        self.width = width
        self.height = height
        self.pixels = pixels
    }

    /// The rows of cells that the picture takes.
    package var rows: Int { (height + 1) / 2 }

    /// The picture at a half, a third, … of its size, so that it fits into that many pixels. Each pixel becomes the mean of a square.
    package func fitted(columns: Int, height limit: Int) -> Picture {
        let columns = max(1, columns)
        let limit = max(1, limit)
        let factor = max((width + columns - 1) / columns, (height + limit - 1) / limit)
        guard factor > 1 else { return self }
        let size = (width: max(1, width / factor), height: max(1, height / factor))
        var means: [UInt8] = []
        means.reserveCapacity(size.width * size.height)
        for top in 0..<size.height {
            let square = (top * factor)..<min(height, (top + 1) * factor)
            for left in 0..<size.width {
                let across = (left * factor)..<min(width, (left + 1) * factor)
                var sum = 0
                for y in square { for x in across { sum += Int(pixels[y * width + x]) } }
                means.append(UInt8(sum / (square.count * across.count)))
            }
        }
        return Picture(width: size.width, height: size.height, pixels: means) ?? self
    }

    package func draw(in rect: Rect, on buffer: inout CellBuffer, _ look: Look) {
        let colored = look.glyphs.isUnicode && look.theme != .mono
        for row in 0..<min(rect.rows, rows) {
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

    /// Draws it in at most so many cells, and places the whole picture over them.
    package func draw(fittedTo size: Size, at rect: Rect, on buffer: inout CellBuffer, _ look: Look) {
        let fitted = fitted(columns: size.columns, height: 2 * size.rows)
        fitted.draw(in: rect, on: &buffer, look)
        let cells = Rect(column: rect.column, row: rect.row, columns: min(rect.columns, fitted.width), rows: min(rect.rows, fitted.rows))
        buffer.place(self, on: cells)
    }

    /// One of the 24 grays in a palette of 256 colors.
    private static func gray(_ value: UInt8) -> Int16 { 232 + Int16(value) * 23 / 255 }

    private static func ramp(_ sum: Int) -> String {
        let steps = Array(" .:-=+*#%@")
        return String(steps[min(steps.count - 1, sum * steps.count / 511)])
    }
}
