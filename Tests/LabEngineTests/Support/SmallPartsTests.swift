import LabSupport
import Testing

@Suite struct SHA256Tests {
    @Test(arguments: [
        ("", "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855"),
        ("abc", "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad"),
        (
            "abcdbcdecdefdefgefghfghighijhijkijkljklmklmnlmnomnopnopq",
            "248d6a61d20638b8e5c026930c3e6039a33ce45964ff2167f6ecedd419db06c1"
        ),
    ])
    func publishedExamples(text: String, digest: String) { #expect(SHA256.hex(of: text.utf8) == digest) }

    @Test func piecesOfAnySizeGiveTheSameDigest() {
        let bytes = (0..<1000).map { UInt8(truncatingIfNeeded: $0) }
        var hash = SHA256()
        for start in stride(from: 0, to: 1000, by: 37) { hash.update(bytes[start..<min(start + 37, 1000)]) }
        #expect(hash.finishHex() == SHA256.hex(of: bytes))
    }
}

@Suite struct RedactionTests {
    @Test(arguments: [
        ("http://joe:pw@proxy:3128/x", "http://***@proxy:3128/x"),
        ("a https://t@h, b http://h/p@q c", "a https://***@h, b http://h/p@q c"),
        ("http://joe:p@w@proxy", "http://***@proxy"),
        ("no address at all", "no address at all"),
    ])
    func credentialsOfAddressesGo(text: String, expected: String) { #expect(Redaction.urls(in: text) == expected) }

    @Test func secretsGoLongestFirst() {
        #expect(Redaction.secrets(["abc", "abcdef", ""], in: "x abcdef abc") == "x *** ***")
    }
}
