/// A text that was joined from several lines and still knows where each of its characters stands in the file.
package struct PlacedText: Sendable, Equatable {
    /// The part that begins at `start` comes from one line.
    private struct Piece: Sendable, Equatable {
        var start: Int
        var place: DockerfilePlace
    }

    package private(set) var scalars: [Unicode.Scalar] = []
    private var pieces: [Piece] = []

    package init() {}

    mutating func append(_ text: some Collection<Unicode.Scalar>, at place: DockerfilePlace) {
        guard !text.isEmpty else { return }
        pieces.append(Piece(start: scalars.count, place: place))
        scalars += text
    }

    /// The place of the character at `offset`; of the end for an offset behind it.
    package func place(at offset: Int) -> DockerfilePlace {
        guard var low = pieces.indices.first else { return DockerfilePlace(line: 1, column: 1) }
        var high = pieces.count
        while high - low > 1 {
            let middle = (low + high) / 2
            if pieces[middle].start <= offset { low = middle } else { high = middle }
        }
        let piece = pieces[low]
        return DockerfilePlace(line: piece.place.line, column: piece.place.column + max(0, offset - piece.start))
    }

    /// The offsets at which another line of the file begins.
    package var lineStarts: [Int] { pieces.dropFirst().map(\.start) }

    package func string(_ range: Range<Int>) -> String { scalars[range].text }

    package func word(_ range: Range<Int>) -> DockerfileWord { DockerfileWord(string(range), place(at: range.lowerBound)) }
}

extension Sequence<Unicode.Scalar> {
    /// These characters as a string.
    var text: String {
        var text = String.UnicodeScalarView()
        text.append(contentsOf: self)
        return String(text)
    }
}

extension Unicode.Scalar {
    /// What separates words in a Dockerfile. A no-break space or a full-width space doesn't.
    var isDockerfileSpace: Bool { self == " " || self == "\t" || self == "\u{0B}" || self == "\u{0C}" || self == "\r" }
}
