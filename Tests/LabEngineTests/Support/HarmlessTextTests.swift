import LabSupport
import TestSupport
import Testing

@Suite("Support: characters that nobody sees")
struct HarmlessTextTests {
    @Test(
        "Invisible characters are dropped",
        arguments: [0xAD, 0x180E, 0x200B, 0x2060, 0x2064, 0x3164, 0xFEFF, 0xFFF9, 0xFFFB, 0xFFFE, 0xFDD1, 0xE0001, 0xE0041, 0xE007F])
    func invisible(value: UInt32) throws {
        let scalar = try #require(Unicode.Scalar(value))
        #expect(scalar.hazard == .invisible)
        #expect(SafeLines.clean(text: "a\(scalar)b") == "ab")
    }

    @Test("A joiner stays where it joins, and nowhere else")
    func joiners() {
        #expect(SafeLines.clean(text: "a\u{200D}b\u{200C}c") == "abc")
        #expect(SafeLines.clean(text: "👩\u{200D}🔬") == "👩\u{200D}🔬")
        #expect(SafeLines.clean(text: "❤\u{FE0F}\u{200D}🔥") == "❤\u{FE0F}\u{200D}🔥")
        #expect(SafeLines.clean(text: "می\u{200C}خواهم") == "می\u{200C}خواهم")
        #expect(SafeLines.clean(text: "क\u{94D}\u{200D}ष") == "क\u{94D}\u{200D}ष")
        #expect(SafeLines.clean(text: "👩\u{200D}\u{200D}x\u{200D}") == "👩x")
    }

    @Test("A character keeps four combining marks of three thousand")
    func marks() {
        let text = SafeLines.clean(text: "e" + String(repeating: "\u{301}", count: 3000) + "x")
        #expect(text.unicodeScalars.count == 6)
        #expect(SafeLines.clean(text: "e\u{301} ế क्षि ทั้ง") == "e\u{301} ế क्षि ทั้ง")
    }

    @Test("Variants of ideographs and emoji stay")
    func variants() {
        #expect(SafeLines.clean(text: "葛\u{E0100} ☺\u{FE0F}") == "葛\u{E0100} ☺\u{FE0F}")
    }

    @Test("JSON escapes what a terminal obeys or hides, and stays the same JSON")
    func json() throws {
        let text = "a\u{9B}31m\u{202E}\u{200B}\u{7F}\u{E0041}\u{1B}[1m 汉字 é"
        let json = JSONText.array([text])
        for scalar in json.unicodeScalars { #expect(scalar.hazard == nil) }
        #expect(json.contains("汉字 é") && json.contains("\\u202e") && json.contains("\\udb40\\udc41"))
        guard case .list(let items)? = JSONValue(Array(json.utf8)) else { throw HangUp() }
        #expect(items == [.text(text)])
    }

    /// The quick test may only say yes to what the look at each character leaves as it is.
    @Test func everyPlainCharacterIsHarmless() {
        for value in UInt32(0)...0x10FFFF {
            guard let scalar = Unicode.Scalar(value), HarmlessText.isPlain(String(scalar)) else { continue }
            #expect(scalar.hazard == nil && scalar != "\t" && !scalar.properties.isDefaultIgnorableCodePoint, "\(scalar.codePoint)")
        }
        #expect(
            HarmlessText.isPlain("plain │ 汉字，（全角）") && !HarmlessText.isPlain("a\nb") && HarmlessText.isPlain("a\nb", linesAllowed: true))
    }
}
