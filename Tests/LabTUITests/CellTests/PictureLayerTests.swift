import Foundation
import Testing

@testable import LabTUI

/// Pictures that a terminal draws over the cells.
@Suite struct PictureLayerTests {
    private static func placed(_ column: Int = 3, _ row: Int = 2, side: Int = 28) throws -> PlacedPicture {
        let pixels = (0..<side * side).map { UInt8($0 * 7 % 256) }
        return PlacedPicture(
            rect: Rect(column: column, row: row, columns: 14, rows: 7),
            picture: try #require(Picture(width: side, height: side, pixels: pixels)))
    }

    @Test func aTerminalThatSaidNothingGetsNothing() throws {
        var layer = PictureLayer()
        let change = layer.show([try Self.placed()]) { _ in true }
        #expect(change.text.isEmpty && change.rows.isEmpty && layer.clear().isEmpty)
    }

    @Test(arguments: [28, 200]) func kittyGetsEachPictureOnce(side: Int) throws {
        var layer = PictureLayer()
        layer.dialect = .kitty
        let placed = try Self.placed(side: side)
        let text = layer.show([placed]) { _ in true }.text
        #expect(text.hasPrefix("\u{1B}7\u{1B}[3;4H\u{1B}_Ga=T,f=24,i=7310,p=1,q=2,C=1,s=\(side),v=\(side),c=14,r=7,m="))
        #expect(text.hasSuffix("\u{1B}\\\u{1B}8"))
        let chunks = text.components(separatedBy: "\u{1B}_G").dropFirst().map { $0.components(separatedBy: "\u{1B}\\")[0] }
        #expect(chunks.dropLast().allSatisfy { $0.contains("m=1;") } && chunks.last?.contains("m=0;") == true)
        let data = chunks.map { $0.components(separatedBy: ";")[1] }
        #expect(data.allSatisfy { $0.count <= 4096 })
        let bytes = try #require(Data(base64Encoded: data.joined()))
        #expect(bytes.count == side * side * 3)
        #expect(
            placed.picture.pixels.indices.allSatisfy { place in (0..<3).allSatisfy { bytes[3 * place + $0] == placed.picture.pixels[place] }
            })
        #expect(layer.show([placed]) { _ in true }.text.isEmpty, "text below a picture doesn't touch it")
        #expect(layer.show([]) { _ in false }.text == "\u{1B}_Ga=d,d=I,i=7310,q=2\u{1B}\\")
        #expect(layer.clear().isEmpty)
    }

    @Test func sixelsAreThePicture() throws {
        let placed = try Self.placed()
        let text = SixelPicture(placed, cellWidth: 4, cellHeight: 8).text
        let decoded = try Self.decode(text)
        #expect(decoded.width == 56 && decoded.height == 56)
        for y in 0..<56 {
            for x in 0..<56 {
                let wanted = Int(placed.picture.pixels[y / 2 * 28 + x / 2]) * 32 / 256
                #expect(decoded.pixels[y * 56 + x] == wanted, "\(x) \(y)")
            }
        }
    }

    @Test func sixelsAreDrawnAgainIfTheirCellsWereWritten() throws {
        var layer = PictureLayer()
        layer.dialect = .sixel(cellWidth: 4, cellHeight: 8)
        let placed = try Self.placed()
        #expect(!layer.show([placed]) { _ in true }.text.isEmpty)
        #expect(layer.show([placed]) { $0 == 12 }.text.isEmpty)
        #expect(!layer.show([placed]) { $0 == 4 }.text.isEmpty)
        let gone = layer.show([]) { _ in false }
        #expect(gone.text.isEmpty && gone.rows == [2..<9], "the cells write over it")
    }

    private struct Damaged: Error {}

    /// A small decoder of sixels: raster attributes, colors, repeats, carriage return and next band.
    private static func decode(_ text: String) throws -> (width: Int, height: Int, pixels: [Int]) {
        guard text.hasPrefix("\u{1B}P0;1;0q\""), text.hasSuffix("\u{1B}\\") else { throw Damaged() }
        var rest = Substring(text.dropFirst(9).dropLast(2))
        func numbers() -> [Int] {
            let digits = rest.prefix { $0.isNumber || $0 == ";" }
            rest = rest.dropFirst(digits.count)
            return digits.split(separator: ";").compactMap { Int($0) }
        }
        let size = numbers()
        guard size.count == 4 else { throw Damaged() }
        var pixels = [Int](repeating: -1, count: size[2] * size[3])
        var (x, top, color) = (0, 0, 0)
        while let character = rest.popFirst() {
            switch character {
            case "#": color = numbers().first ?? 0
            case "$": x = 0
            case "-": (x, top) = (0, top + 6)
            default:
                var count = 1
                var sixel = character
                if character == "!" {
                    count = numbers().first ?? 1
                    sixel = rest.popFirst() ?? "?"
                }
                let mask = Int(sixel.unicodeScalars.first?.value ?? 63) - 63
                for column in x..<x + count {
                    for row in 0..<6 where mask & 1 << row != 0 { pixels[(top + row) * size[2] + column] = color }
                }
                x += count
            }
        }
        return (size[2], size[3], pixels)
    }

    // MARK: Answers

    private func answer(_ question: TerminalAnswers.Question, _ text: String) -> TerminalAnswers.Answer? {
        var answers = TerminalAnswers()
        answers.begin(question)
        var last: TerminalAnswers.Answer?
        for scalar in text.unicodeScalars { last = answers.take(scalar.value) }
        #expect(!answers.isReading)
        return last
    }

    @Test func whatATerminalSaysOfItsGraphics() {
        #expect(answer(.kitty, "i=31;OK\u{1B}\\") == .kitty(true))
        #expect(answer(.kitty, "i=31;ENOTSUPPORTED:no\u{1B}\\") == .kitty(false))
        // foot, xterm, tmux with sixels, and a VT420 without them: what follows the first digit of the class.
        #expect(answer(.attributes, "2;4;22c") == .attributes([4, 22]))
        #expect(answer(.attributes, "4;1;2;6;9;15;16;17;18;21;22;28c") == .attributes([1, 2, 6, 9, 15, 16, 17, 18, 21, 22, 28]))
        #expect(answer(.attributes, ";2;4c") == .attributes([2, 4]))
        #expect(answer(.attributes, ";2c") == .attributes([2]))
        #expect(answer(.attributes, "c") == .attributes([]))
    }

    @Test func onlyTerminalsThatUnderstandAreAsked() {
        func asks(_ environment: [String: String]) -> Bool {
            TerminalQuestions(environment: environment, usesColor: true, showsPictures: true).graphics
        }
        #expect(asks(["TERM": "xterm-kitty"]) && asks(["TERM": "foot"]))
        #expect(!asks(["TERM": "vt100"]) && !asks(["TERM": "linux"]) && !asks(["TERM": "screen"]))
        #expect(!asks(["TERM": "xterm-256color", "TERM_PROGRAM": "Apple_Terminal"]))
        #expect(!TerminalQuestions(environment: ["TERM": "foot"], usesColor: false, showsPictures: true).graphics)
        #expect(!TerminalQuestions(environment: ["TERM": "foot"], usesColor: true).graphics)
    }
}
