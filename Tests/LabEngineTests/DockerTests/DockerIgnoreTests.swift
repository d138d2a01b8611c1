import ContainerEngine
import Testing

@Suite("Docker: .dockerignore")
struct DockerIgnoreTests {
    /// One row: the file, and what of it is left out and what is not.
    struct Row: Sendable, CustomTestStringConvertible {
        var rules: String
        var ignored: [String]
        var kept: [String]
        var testDescription: String { rules.debugDescription }
    }

    static let rows = [
        Row(rules: "a", ignored: ["a", "a/b", "a/b/c"], kept: ["b", "b/a", "ab"]),
        Row(rules: "/a/", ignored: ["a", "a/b"], kept: ["b/a"]),
        Row(rules: "./a/../b", ignored: ["b"], kept: ["a"]),
        Row(rules: "*.md", ignored: ["README.md", ".md"], kept: ["docs/x.md", "README.mdx"]),
        Row(rules: "*/*.md", ignored: ["docs/x.md"], kept: ["x.md", "a/b/x.md"]),
        Row(rules: "**/*.md", ignored: ["x.md", "a/x.md", "a/b/x.md"], kept: ["x.mdx"]),
        Row(rules: "a/**", ignored: ["a/b", "a/b/c"], kept: ["a", "ab"]),
        Row(rules: "**", ignored: ["a", "a/b"], kept: []),
        Row(rules: "**/cache", ignored: ["cache", "a/cache", "a/cache/x"], kept: ["caches"]),
        Row(rules: "a/**/z", ignored: ["a/z", "a/b/z", "a/b/c/z"], kept: ["z", "a/zz"]),
        Row(rules: "**x", ignored: ["x", "a/x"], kept: ["ax"]),
        Row(rules: "?.txt", ignored: ["a.txt", "数.txt"], kept: ["ab.txt", ".txt", "a/b.txt"]),
        Row(rules: "[a-c]x", ignored: ["ax", "cx"], kept: ["dx", "x"]),
        Row(rules: "[^a-c]x", ignored: ["dx"], kept: ["ax"]),
        Row(rules: "\\*x", ignored: ["*x"], kept: ["ax"]),
        Row(rules: "# a\n  b  \n\n#c", ignored: ["b"], kept: ["a", "c", "# a"]),
        Row(rules: " # d", ignored: ["# d"], kept: ["d"]),
        Row(rules: "\u{FEFF}a", ignored: ["a"], kept: ["b"]),
        Row(rules: "*.md\n!README.md", ignored: ["x.md"], kept: ["README.md"]),
        Row(rules: "*.md\n!README*.md\nREADME-secret.md", ignored: ["x.md", "README-secret.md"], kept: ["README.md"]),
        Row(rules: "!README.md\n*.md", ignored: ["README.md"], kept: []),
        Row(rules: "data\n!data/small", ignored: ["data", "data/big", "data/big/x"], kept: ["data/small", "data/small/x"]),
        Row(rules: "*\n! src", ignored: ["a", "b/c"], kept: ["src", "src/a"]),
        Row(rules: "ab/[ab]/ab\n!a*/a", ignored: ["ab/a/ab"], kept: ["ab/a", "ab/a/b"]),
        Row(rules: "a.b", ignored: ["a.b"], kept: ["axb"]),
        Row(rules: "a+(b)", ignored: ["a+(b)"], kept: ["aab"]),
        Row(rules: "node_modules\r\n.git\r\n", ignored: ["node_modules/x", ".git"], kept: ["x"]),
    ]

    @Test("Patterns mean what docker means by them", arguments: rows)
    func table(row: Row) {
        let ignore = DockerIgnore(row.rules)
        for path in row.ignored { #expect(ignore.ignores(path), "\(path) is left out") }
        for path in row.kept { #expect(!ignore.ignores(path), "\(path) is sent") }
    }

    @Test("The time for a pattern doesn't grow with its stars")
    func manyStars() {
        let name = String(repeating: "a", count: 200)
        for pattern in [
            String(repeating: "*a", count: 40) + "*b", String(repeating: "**/a", count: 40) + "/b",
            String(repeating: "?*", count: 60) + "b",
        ] {
            #expect(!DockerIgnore(pattern).ignores(name), "\(pattern)")
            #expect(!DockerIgnore(pattern).ignores(String(repeating: "a/", count: 100) + "a"), "\(pattern)")
        }
        #expect(DockerIgnore(String(repeating: "*a", count: 40) + "*").ignores(name))
    }

    @Test("A pattern that Go would refuse is reported, not guessed at", arguments: ["[a", "a\\", "[]", "[b-a]"])
    func malformed(pattern: String) { #expect(DockerIgnore(pattern).malformed == [pattern]) }

    @Test("A directory is walked for exceptions only where one can be")
    func exceptions() {
        let ignore = DockerIgnore("*\n!src/*.py\n!docs/a/b")
        #expect(ignore.mayHoldExceptions(Array("src".utf8)))
        #expect(ignore.mayHoldExceptions(Array("src/deep".utf8)))
        #expect(ignore.mayHoldExceptions(Array("docs/a".utf8)))
        #expect(!ignore.mayHoldExceptions(Array("docs/c".utf8)))
        #expect(!ignore.mayHoldExceptions(Array("data".utf8)))
    }
}

extension DockerIgnore {
    /// Whether a path is left out, decided from the top folder down, as a walk over the files decides it.
    fileprivate func ignores(_ path: String) -> Bool {
        var parent = root
        var decided = false
        var name: [UInt8] = []
        for part in path.utf8.split(separator: UInt8(ascii: "/")) {
            name += (name.isEmpty ? [] : [UInt8(ascii: "/")]) + part
            (decided, parent) = decide(name, under: parent)
        }
        return decided
    }
}
