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

@Suite struct LoopbackTests {
    @Test(arguments: ["localhost", "LOCALHOST", "a.localhost", "127.0.0.1", "127.9.8.7", "127.1", "::1", "[::1]"])
    func ownNames(host: String) { #expect(Loopback.contains(host: host)) }

    @Test(arguments: [
        "127.example.org", "127.0.0.1.example.org", "localhost.example.org", "128.0.0.1", "0.0.0.0", "127", "127.0.0.x", "", "::2",
    ])
    func othersNames(host: String) { #expect(!Loopback.contains(host: host)) }

    @Test(arguments: [
        ("localhost:3128", true), ("[::1]:80", true), ("127.0.0.1", true), ("localhost.example.org:80", false), ("[::2]:1", false),
    ])
    func authorities(authority: String, isOwn: Bool) { #expect(Loopback.contains(authority: authority) == isOwn) }
}

@Suite(.timeLimit(.minutes(1))) struct DeadlineTests {
    @Test("Whoever is cancelled doesn't wait for what ignores its cancellation")
    func cancelled() async {
        let (begins, begin) = AsyncStream.makeStream(of: Void.self)
        let isOver = Locked(false)
        let task = Task {
            try await Deadline.run(.seconds(3600)) {
                begin.yield()
                // Deaf: nobody cancels the task within.
                await Task.detached { try? await Task.sleep(for: .seconds(5)) }.value
                isOver.withLock { $0 = true }
            }
        }
        for await _ in begins { break }
        task.cancel()
        await #expect(throws: CancellationError.self) { try await task.value }
        #expect(!isOver.withLock { $0 })
    }

    @Test func cancelledBeforeItBegins() async {
        let task = Task {
            while !Task.isCancelled { await Task.yield() }
            return try await Deadline.run(.seconds(3600)) { 1 }
        }
        task.cancel()
        await #expect(throws: CancellationError.self) { try await task.value }
    }

    @Test func resultsErrorsAndTimeouts() async throws {
        #expect(try await Deadline.run(.seconds(60)) { 7 } == 7)
        #expect(try await Deadline.run(.milliseconds(1)) { try await Task.sleep(for: .seconds(3600)) } == nil)
        await #expect(throws: LabError.self) { try await Deadline.run(.seconds(60)) { throw LabError(.usageAddress, Text(verbatim: "x")) } }
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
