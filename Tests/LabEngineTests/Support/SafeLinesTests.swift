import LabSupport
import TestSupport
import Testing

@Suite struct SafeLinesTests {
    @Test func aTextOfAnyLengthAndScriptIsCleanedAsAWhole() {
        #expect(SafeLines.clean(text: "✔ 检查通过\u{1B}[31m…\n尾") == "✔ 检查通过…\n尾")
    }

    /// All lines, the last one without an end included, with the bytes cut after every `size`.
    private func lines(_ bytes: [UInt8], size: Int) -> [String] {
        var safe = SafeLines()
        var lines: [String] = []
        for start in stride(from: 0, to: bytes.count, by: size) { lines += safe.take(bytes[start..<min(start + size, bytes.count)]) }
        return lines + [safe.finish()].compactMap { $0 }
    }

    @Test(arguments: [
        ("plain\nlines\n", ["plain", "lines"]), ("no end", ["no end"]), ("\n\n", ["", ""]), ("a\r\nb\r\n", ["a", "b"]),
        ("\u{1B}[1;31mred\u{1B}[0m\n", ["red"]), ("\u{1B}[38;5;9mx\u{1B}[K\n", ["x"]), ("\u{1B}]0;title\u{7}x\n", ["x"]),
        ("\u{1B}]8;;http://e\u{1B}\\link\u{1B}]8;;\u{1B}\\\n", ["link"]), ("\u{1B}P1$r0m\u{1B}\\x\n", ["x"]),
        ("\u{1B}_app\u{1B}\\x\n", ["x"]),
        ("\u{1B}(B\u{1B}7x\u{1B}c\n", ["x"]), ("\u{1B}\u{1B}[31mx\n", ["x"]), ("\u{1B}[31\u{18}mx\n", ["mx"]),
        ("\u{1B}]0;a\u{1A}b\n", ["b"]),
        ("\u{1B}]0;never ends\nx\n", ["", "x"]), ("10%\r20%\r100%\n", ["100%"]), ("long line\rshort\n", ["short"]), ("kept\r\n", ["kept"]),
        ("ab\u{8}c\n", ["ac"]), ("汉字\u{8}x\n", ["汉x"]), ("\u{8}\u{8}x\n", ["x"]), ("ab\r\u{8}\n", ["ab"]),
        ("bell\u{7}\u{0}\u{7F}!\n", ["bell!"]),
        ("a\tb\n", ["a       b"]), ("1234567\tb\n", ["1234567 b"]), ("12345678\tb\n", ["12345678        b"]),
        ("c1 \u{9B}31m\u{85}\n", ["c1 31m"]),
        ("bidi \u{202E}x\u{202C}\u{2066}\u{2069}\u{200F}\u{61C}y\n", ["bidi xy"]), ("sep\u{2028}a\u{2029}rate\n", ["separate"]),
        ("\u{FEFF}bom\n", ["bom"]), ("emoji 👩‍🔬 e\u{301}\n", ["emoji 👩‍🔬 e\u{301}"]),
    ])
    func harmlessHoweverItIsCut(text: String, expected: [String]) {
        let bytes = Array(text.utf8)
        for size in [1, 2, 3, 7, bytes.count] { #expect(lines(bytes, size: size) == expected) }
    }

    @Test(
        arguments: [
            ([0x61, 0xFF, 0x62, 0x0A], "a\u{FFFD}b"), ([0xE6, 0xB1, 0x0A], "\u{FFFD}"), ([0xC0, 0x80, 0x0A], "\u{FFFD}\u{FFFD}"),
            ([0x9B, 0x41, 0x0A], "\u{FFFD}A"),
        ] as [([UInt8], String)])
    func bytesThatAreNoTextAreReplaced(bytes: [UInt8], expected: String) {
        for size in [1, bytes.count] { #expect(lines(bytes, size: size) == [expected]) }
    }

    @Test func noOutputHoldsAControlCharacter() {
        var random = SplitMix(seed: 7)
        for _ in 0..<300 {
            let bytes = (0..<200).map { _ in UInt8.random(in: 0...(Bool.random(using: &random) ? 255 : 0x30), using: &random) }
            for line in lines(bytes, size: 5) {
                for scalar in line.unicodeScalars { #expect(scalar.value >= 0x20 && !(0x7F...0x9F).contains(scalar.value)) }
            }
        }
    }

    @Test func aLineHasALimitThatCutsNoCharacter() {
        var safe = SafeLines(limit: 10)
        #expect(safe.take(Array("0123456789abc\nxy\n".utf8)) == ["0123456789", "xy"])
        #expect(safe.take(Array("汉汉汉汉汉汉\n".utf8)) == ["汉汉汉汉"])
    }

    @Test func theUnfinishedLineCanBeSeen() {
        var safe = SafeLines()
        _ = safe.take(Array("done\n50%\r60".utf8))
        #expect(safe.current == "60")
        #expect(safe.finish() == "60")
        #expect(safe.finish() == nil)
    }

    @Test func wholeTextsKeepTheirLines() {
        #expect(SafeLines.clean(text: "a\u{1B}[1mb\nc\r\nd") == "ab\nc\nd")
        #expect(SafeLines.clean(text: String(repeating: "x", count: 100_000)).count == 100_000)
    }
}
