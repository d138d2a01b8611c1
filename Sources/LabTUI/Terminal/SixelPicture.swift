/// A picture as sixels: bands of six rows, and for each gray a line of what it fills.
struct SixelPicture {
    private let width: Int
    private let height: Int
    /// The gray of each pixel, 0 to `grays` - 1.
    private let levels: [UInt8]

    private static let grays = 32

    init(_ placed: PlacedPicture, cellWidth: Int, cellHeight: Int) {
        let picture = placed.picture
        let (width, height) = (placed.rect.columns * cellWidth, placed.rect.rows * cellHeight)
        self.width = width
        self.height = height
        levels = (0..<height).flatMap { y in
            let row = y * picture.height / height * picture.width
            return (0..<width).map { x in UInt8(Int(picture.pixels[row + x * picture.width / width]) * Self.grays / 256) }
        }
    }

    var text: String {
        // The raster attributes say the size; square pixels; pixels that are not set stay as they are.
        var text = "\u{1B}P0;1;0q\"1;1;\(width);\(height)"
        for level in 0..<Self.grays {
            let percent = level * 100 / (Self.grays - 1)
            text += "#\(level);2;\(percent);\(percent);\(percent)"
        }
        for top in stride(from: 0, to: height, by: 6) { text += band(top) + "-" }
        return text + "\u{1B}\\"
    }

    private func band(_ top: Int) -> String {
        let rows = min(6, height - top)
        var masks = [UInt8: [UInt8]]()
        for row in 0..<rows {
            for x in 0..<width { masks[levels[(top + row) * width + x], default: [UInt8](repeating: 0, count: width)][x] |= 1 << row }
        }
        return masks.sorted { $0.key < $1.key }.map { "#\($0.key)" + Self.line($0.value) }.joined(separator: "$")
    }

    /// A line of sixels, with the repeated ones counted.
    private static func line(_ masks: [UInt8]) -> String {
        var text = ""
        var start = 0
        while start < masks.count {
            let end = masks[start...].firstIndex { $0 != masks[start] } ?? masks.count
            let sixel = String(UnicodeScalar(63 + masks[start]))
            text += end - start > 3 ? "!\(end - start)\(sixel)" : String(repeating: sixel, count: end - start)
            start = end
        }
        return text
    }
}
