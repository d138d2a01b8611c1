import Glibc
import LabSupport

/// Makes the contents of journals safe to publish: without control characters, secrets, host names and the student's home.
struct ReportCensor: Sendable {
    /// The maximum number of characters of a text, and of each of its lines.
    private static let maximumLength = 4000
    private static let maximumLineLength = 500
    private static let personLimit = 120
    /// Names that many machines have. They don't identify a machine, and they are parts of other words.
    private static let common: Set<String> = [
        "localhost", "localdomain", "docker", "podman", "debian", "ubuntu", "linux", "container", "server", "host", "hostname", "none",
        "root",
    ]

    /// The runs of a lab repeat the same texts, and searching a text for secrets takes long.
    private let known = Locked<[String: String]>([:])
    private let knownCommands = Locked<[String: String]>([:])
    private let home: String
    private let secrets: [String]
    private let hosts: [String]

    /// `hosts` are the names of this machine and of those in the journals.
    init(environment: [String: String], hosts: [String]) {
        let home = HomeFolder.path(environment)
        self.home = home.hasPrefix("/") && home.count > 1 ? home : ""
        secrets = environment.filter { $0.value.count >= 6 && Redaction.isSecret(name: $0.key) }.map(\.value)
        self.hosts = Set(hosts + hosts.compactMap { $0.split(separator: ".").first.map(String.init) })
            .filter { $0.count > 2 && !Self.common.contains($0.lowercased()) }.sorted { ($1.count, $0) < ($0.count, $1) }
    }

    /// The name of this machine, and of the machine whose engine is used.
    static func hostNames(_ environment: [String: String]) -> [String] {
        [ownName] + (environment["DOCKER_HOST"].flatMap { host(of: $0) }.map { [$0] } ?? [])
    }

    /// The machine in an engine's address. Nil for this machine.
    static func host(of endpoint: String) -> String? {
        guard let scheme = endpoint.firstRange(of: "://"), !endpoint.hasPrefix("unix:") else { return nil }
        let rest = endpoint[scheme.upperBound...].prefix { $0 != "/" }
        let host = (rest.lastIndex(of: "@").map { rest[rest.index(after: $0)...] } ?? rest).prefix { $0 != ":" }
        let isNumber = host.allSatisfy { $0.isNumber || $0 == "." }
        return host.isEmpty || isNumber ? nil : String(host)
    }

    private static var ownName: String {
        var buffer = [CChar](repeating: 0, count: 256)
        guard gethostname(&buffer, buffer.count - 1) == 0 else { return "" }
        return String(decoding: buffer.prefix { $0 != 0 }.map { UInt8(bitPattern: $0) }, as: UTF8.self)
    }

    /// Free text of another program, or of ailab with such text in it.
    func words(_ text: String) -> String {
        if let known = known.withLock({ $0[text] }) { return known }
        let clean = looked(text)
        known.withLock { $0[text] = clean }
        return clean
    }

    private func looked(_ text: String) -> String {
        let (clean, dropped) = Self.harmless(text)
        let redacted = Redaction.fields(in: Redaction.urls(in: Redaction.secrets(secrets, in: clean)))
        return Self.cut(withoutHosts(shortened(redacted)), dropped)
    }

    func words(_ text: Text) -> Text { Text(en: words(text.en), zh: words(text.zh)) }
    func words(_ text: Text?) -> Text? { text.map { words($0) } }

    /// A name or path of a container, a picture or a file. It isn't searched for secrets.
    func name(_ text: String) -> String {
        let (clean, dropped) = Self.harmless(text)
        return Self.cut(shortened(Redaction.urls(in: clean)), dropped)
    }

    /// A person's name.
    func person(_ text: String) -> String {
        let line = SafeLines.clean(text: String(text.prefix(Self.personLimit * 4))).split(whereSeparator: \.isNewline).joined(
            separator: " ")
        return line.count > Self.personLimit ? line.prefix(Self.personLimit) + "…" : line
    }

    /// A command line. Each word is searched separately, because a header in quotation marks doesn't end the line. A reference to a secret
    /// by a variable's name stays.
    func command(_ text: String) -> String {
        if let known = knownCommands.withLock({ $0[text] }) { return known }
        let clean = lookedAt(command: text)
        knownCommands.withLock { $0[text] = clean }
        return clean
    }

    private func lookedAt(command text: String) -> String {
        let (harmless, dropped) = Self.harmless(text)
        let clean = Redaction.urls(in: Redaction.secrets(secrets, in: harmless))
        var parts: [String] = []
        var flag: String?
        for word in Self.shellWords(clean) {
            let before = flag.map { $0 + " " } ?? ""
            let joined = before + word
            let redacted = word.contains("Bearer $") ? joined : Redaction.fields(in: joined)
            let quote = word.last.flatMap { "'\"".contains($0) && redacted.last != $0 ? String($0) : nil } ?? ""
            parts.append(String(redacted.dropFirst(before.count)) + quote)
            flag = word.hasPrefix("-") ? word : nil
        }
        return Self.cut(shortened(parts.joined(separator: " ")), dropped)
    }

    /// An engine's address. If the engine is on another machine, only the kind of connection.
    func endpoint(_ text: String) -> String {
        guard let scheme = text.firstRange(of: "://") else { return name(text) }
        return text.hasPrefix("unix:") ? name(text) : String(text[..<scheme.upperBound]) + "…"
    }

    // MARK: Parts

    /// The words of a command line, split at blanks outside of quotation marks.
    private static func shellWords(_ line: String) -> [String] {
        var words: [String] = []
        var word = ""
        var quote: Character?
        for character in line {
            if let open = quote {
                if character == open { quote = nil }
            } else if character == "'" || character == "\"" {
                quote = character
            } else if character == " " {
                words.append(word)
                word = ""
                continue
            }
            word.append(character)
        }
        return words + [word]
    }

    private func shortened(_ text: String) -> String {
        guard !home.isEmpty else { return text }
        // `/home/joe` isn't the beginning of `/home/joey`.
        return Self.replacing(home, by: "~", in: text) { _, next in !Self.isWord(next, and: "-_.") }
    }

    private func withoutHosts(_ text: String) -> String {
        hosts.reduce(text) { text, host in
            Self.replacing(host, by: Redaction.mark, in: text) { !Self.isWord($0, and: "-_") && !Self.isWord($1, and: "-_") }
        }
    }

    /// True if a character continues a word. Nil doesn't.
    private static func isWord(_ character: Character?, and others: String) -> Bool {
        character.map { $0.isLetter || $0.isNumber || others.contains($0) } ?? false
    }

    /// Replaces the matches that `isWhole` accepts. It gets the characters on both sides.
    private static func replacing(
        _ word: String, by other: String, in text: String, where isWhole: (_ before: Character?, _ after: Character?) -> Bool
    ) -> String {
        guard text.contains(word) else { return text }
        var rest = text[...]
        var result = ""
        var before: Character?
        while let found = rest.firstRange(of: word) {
            before = rest[..<found.lowerBound].last ?? before
            result += rest[..<found.lowerBound] + (isWhole(before, rest[found.upperBound...].first) ? other : word)
            before = word.last
            rest = rest[found.upperBound...]
        }
        return result + rest
    }

    /// The text without control characters. A very long text is cut first, because most of it would be dropped anyway. `dropped` is the
    /// number of characters that are cut off.
    private static func harmless(_ text: String) -> (text: String, dropped: Int) {
        guard text.utf8.count > maximumLength * 4 else { return (SafeLines.clean(text: text), 0) }
        let begin = text.prefix(maximumLength * 4)
        return (SafeLines.clean(text: String(begin)), text.count - begin.count)
    }

    private static func cut(_ text: String, _ dropped: Int) -> String {
        guard text.utf8.count > maximumLineLength else { return text }
        let lines = text.split(separator: "\n", omittingEmptySubsequences: false)
        var all = lines.enumerated().map { index, line in
            let rest = line.count - maximumLineLength + (index == lines.count - 1 ? dropped : 0)
            return line.count > maximumLineLength ? "\(line.prefix(maximumLineLength))… (+\(rest))" : String(line)
        }.joined(separator: "\n")
        if all.count > maximumLength { all = "\(all.prefix(maximumLength))… (+\(all.count - maximumLength + dropped))" }
        return all
    }
}
