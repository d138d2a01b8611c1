import LabSupport

/// The output of a Slurm program as records of fields.
///
/// A job's name and an administrator's note may hold any character, line ends among them. So no character separates the fields: each is
/// followed by a random word that's new at each question, which nobody can have written into a name.
enum SlurmRecords {
    /// The largest field in bytes. The rest of a longer one is dropped.
    private static let limit = 4096

    /// The value of `--Format`: each field in its whole length, followed by the mark.
    static func format(_ fields: [String], _ mark: String) -> String { fields.map { "\($0):\(mark)" }.joined(separator: ",") }

    /// The records, or nil if the text isn't a sequence of them.
    static func all(_ bytes: [UInt8], mark: String, fields count: Int) -> [[String]]? {
        let parts = bytes.parts(between: Array(mark.utf8))
        guard let rest = parts.last, rest.isEmpty || rest.elementsEqual([0x0A]), (parts.count - 1).isMultiple(of: count) else { return nil }
        var records: [[String]] = []
        for (index, part) in parts.dropLast().enumerated() {
            guard index.isMultiple(of: count) else {
                records[records.count - 1].append(text(part))
                continue
            }
            // Each record but the first begins behind the line end of the one before it.
            guard index == 0 || part.first == 0x0A else { return nil }
            records.append([text(index == 0 ? part : part.dropFirst())])
        }
        return records
    }

    /// One harmless line of limited length.
    private static func text(_ bytes: ArraySlice<UInt8>) -> String {
        let text = String(decoding: bytes.prefix(limit), as: UTF8.self)
        guard !bytes.allSatisfy({ (0x21..<0x7F).contains($0) }) else { return text }
        let line = SafeLines.clean(text: text).split(whereSeparator: \.isNewline).joined(separator: " ")
        return String(line.drop { $0 == " " })
    }
}

/// Values in the words of Slurm.
enum SlurmValue {
    /// A text to show, with at most so many characters.
    static func shown(_ text: String, _ limit: Int = 64) -> String { text.count > limit ? String(text.prefix(limit)) : text }

    /// Nil for `N/A`, `(null)`, `none` and an empty text.
    static func some(_ text: String) -> String? { ["", "N/A", "(null)", "none", "None", "n/a"].contains(text) ? nil : text }

    /// A count. A large one may be written as `12K`.
    static func count(_ text: String) -> Int? {
        if let count = Int(text) { return (0...1_000_000_000).contains(count) ? count : nil }
        guard text.last == "K" || text.last == "M", let count = Double(text.dropLast()), count >= 0, count < 1000 else { return nil }
        return Int(count * (text.last == "K" ? 1024 : 1024 * 1024))
    }

    /// `1-02:03:04`, `2:03:04` or `3:04` in seconds. Nil for `UNLIMITED`, `NOT_SET`, `INVALID`.
    static func seconds(_ text: String) -> Double? {
        let parts = text.split(separator: "-", omittingEmptySubsequences: false)
        guard parts.count <= 2, let clock = parts.last else { return nil }
        let days = parts.count == 2 ? Int(parts[0]) : 0
        let numbers = clock.split(separator: ":", omittingEmptySubsequences: false).map { Int($0) }
        guard let days, days >= 0, days < 100_000, (2...3).contains(numbers.count) else { return nil }
        var seconds = 0
        for number in numbers {
            guard let number, (0..<100_000).contains(number) else { return nil }
            seconds = seconds * 60 + number
        }
        return Double(days * 86_400 + seconds)
    }

    /// The GPUs in a list of resources: `gpu:a100:4(S:0-1)`, `gres/gpu:2`, `gres/gpu=2` or `cpu=4,gres/gpu=8,gres/gpu:a100=8`. Nil for none.
    static func gpus(_ text: String) -> Int? {
        var whole: Int?
        var typed: Int?
        for item in withoutBrackets(text).split(separator: ",") {
            var item = item
            for prefix in ["gres/", "gres:"] where item.hasPrefix(prefix) { item = item.dropFirst(prefix.count) }
            let parts = item.split(whereSeparator: { $0 == ":" || $0 == "=" })
            guard parts.first == "gpu" else { continue }
            let number = parts.count == 1 ? 1 : count(String(parts[parts.count - 1])) ?? 1
            // Beside the number of all GPUs, a list of used resources also has that of each type.
            let hasType = parts.count == 3 || parts.count == 2 && count(String(parts[1])) == nil
            if hasType { typed = (typed ?? 0) + number } else { whole = (whole ?? 0) + number }
        }
        return whole ?? typed
    }

    /// Without `(IDX:0-1,3)`, which may contain commas.
    private static func withoutBrackets(_ text: String) -> String {
        var depth = 0
        return String(
            text.filter { character in
                if character == "(" { depth += 1 }
                defer { if character == ")" { depth = max(0, depth - 1) } }
                return depth == 0
            })
    }

    /// How many jobs `16_[1-498:7%2]` means. One for any other name.
    static func jobs(_ id: String) -> Int {
        guard let open = id.firstIndex(of: "["), id.last == "]" else { return 1 }
        let list = id[id.index(after: open)...].dropLast().split(separator: "%").first ?? ""
        var jobs = 0
        for part in list.split(separator: ",") {
            let range = part.split(separator: ":")
            let step = range.count == 2 ? Int(range[1]) ?? 1 : 1
            let ends = (range.first ?? "").split(separator: "-").map { Int($0) ?? 0 }
            guard let first = ends.first, let last = ends.last, last >= first, step > 0, last < 100_000_000 else { return max(1, jobs) }
            jobs += (last - first) / step + 1
        }
        return max(1, jobs)
    }
}
