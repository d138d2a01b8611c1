/// Finds the word that someone probably meant.
package enum NearestWord {
    /// The candidate that is closest to `word`. Nil if none is close enough to be a typo.
    package static func to(_ word: String, among candidates: some Sequence<String>) -> String? {
        guard !word.isEmpty, word.utf8.count <= lengthLimit else { return nil }
        let wanted = Array(word.lowercased())
        let limit = max(1, wanted.count / 3)
        var best: (word: String, distance: Int)?
        for candidate in candidates where candidate != word && candidate.utf8.count <= lengthLimit {
            let distance = distance(wanted, Array(candidate.lowercased()))
            if distance <= limit, distance < best?.distance ?? .max { best = (candidate, distance) }
        }
        return best?.word
    }

    /// In bytes. Nobody mistypes a longer word, and comparing two takes the product of their lengths.
    private static let lengthLimit = 200

    /// The number of insertions, deletions, replacements and swaps of neighbors that turn one word into the other.
    private static func distance(_ a: [Character], _ b: [Character]) -> Int {
        var beforePrevious: [Int] = []
        var previous = Array(0...b.count)
        for i in a.indices {
            var row = [i + 1]
            for j in b.indices {
                var cost = min(row[j] + 1, previous[j + 1] + 1, previous[j] + (a[i] == b[j] ? 0 : 1))
                if i > 0, j > 0, a[i] == b[j - 1], a[i - 1] == b[j] { cost = min(cost, beforePrevious[j - 1] + 1) }
                row.append(cost)
            }
            beforePrevious = previous
            previous = row
        }
        return previous[b.count]
    }
}

extension NearestWord {
    /// Whether one insertion, deletion, replacement or swap turns one word into the other.
    package static func isOneSlip(_ a: String, _ b: String) -> Bool { distance(Array(a.lowercased()), Array(b.lowercased())) == 1 }
}
