extension Redaction {
    /// The text without named secrets: in headers, flags, environment lines, JSON and private keys.
    ///
    /// When in doubt, it hides the value: a leaked password does more harm than a missing detail.
    package static func fields(in text: String) -> String {
        let lines = withoutKeys(text.split(separator: "\n", omittingEmptySubsequences: false).map(String.init))
        var list = SecretList()
        return lines.map { line in
            let (hidden, rest) = list.take(line)
            var scanner = SecretScanner(rest)
            return hidden + scanner.redacted()
        }.joined(separator: "\n")
    }

    /// Whether a name denotes a secret: `AWS_SECRET_ACCESS_KEY`, `apiKey` and `--password` do, `KeyError` and `tokenizer` don't.
    package static func isSecret(name: some StringProtocol) -> Bool {
        if ["Error", "Exception", "Warning"].contains(where: { name.hasSuffix($0) }) { return false }
        // The shell's current folder and the one before it.
        if name == "PWD" || name == "OLDPWD" { return false }
        return words(name).contains { word in
            if whole.contains(word) { return true }
            if word.hasPrefix("tokeniz") || word.hasPrefix("author") && !word.hasPrefix("authori") || word.hasPrefix("authorit") {
                return false
            }
            return word.hasPrefix("auth") || word.hasSuffix("auth") || word.hasSuffix("key") || parts.contains { word.contains($0) }
        }
    }

    private static let whole: Set<String> = ["key", "keys", "pass", "pat", "pwd", "pw"]
    private static let parts = ["password", "passwd", "passphrase", "secret", "token", "cookie", "credential"]

    /// The words of a name in lower case. A non-letter, or a capital after a small letter, starts the next word.
    private static func words(_ name: some StringProtocol) -> [String] {
        var words = [""]
        var wasSmall = false
        for scalar in name.unicodeScalars {
            let isLetter = scalar.properties.isAlphabetic
            if !isLetter || wasSmall && scalar.properties.isUppercase { words.append("") }
            if isLetter { words[words.count - 1] += scalar.properties.lowercaseMapping }
            wasSmall = isLetter && !scalar.properties.isUppercase
        }
        return words.filter { !$0.isEmpty }
    }

    // MARK: Private keys

    /// Removes PEM private keys. A text that is the end of a file may begin or end inside a key.
    private static func withoutKeys(_ lines: [String]) -> [String] {
        var result: [String] = []
        var isInside = false
        for line in lines {
            let begin = "-----BEGIN ", end = "-----END "
            let opens = line.contains("PRIVATE KEY") && line.contains(begin)
            let closes = line.contains("PRIVATE KEY") && line.contains(end)
            if isInside {
                isInside = !closes
            } else if opens {
                // A key on one line is inside JSON. Hide the whole line, because the rest may contain more of the key.
                isInside = !closes
                result.append(mark)
            } else if closes {
                while let last = result.last, last.count > 16, last.utf8.allSatisfy(\.isBase64) { result.removeLast() }
                result.append(mark)
            } else {
                result.append(line)
            }
        }
        return result
    }
}

extension UInt8 {
    fileprivate var isBase64: Bool {
        (0x30...0x39).contains(self) || (0x41...0x5A).contains(self) || (0x61...0x7A).contains(self) || self == 0x2B || self == 0x2F
            || self == 0x3D || self == 0x0D
    }
}
