/// An instruction of a Dockerfile, with all lines that belong to it.
package struct DockerfileInstruction: Sendable, Equatable {
    /// `--from=build`.
    package struct Flag: Sendable, Equatable {
        /// Without the dashes.
        package var name: String
        /// Nil if there is no `=`.
        package var value: String?
        package var place: DockerfilePlace
    }

    /// How the arguments are written.
    package enum Form: Sendable, Equatable {
        case shell
        /// A JSON array of strings.
        case exec([DockerfileWord])
        /// It begins like an array, but is none. Docker takes it for the shell form.
        case broken(DockerfileArray.Problem)
    }

    /// The first word as written.
    package var keyword: DockerfileWord
    /// The first word in capitals.
    package var name: String
    package var flags: [Flag]
    /// The whole instruction as one line: without continuations and the comments between them.
    package var text: PlacedText
    /// Where the arguments begin in `text`, behind the flags.
    package var start: Int
    package var form: Form
    package var heredocs: [DockerfileHeredoc]
    package var lines: ClosedRange<Int>
    /// Number of FROM instructions up to this one, from 0 for the first; -1 before any.
    package var stage: Int
    /// The instruction behind ONBUILD.
    package var isTrigger: Bool

    /// The arguments as one text, without the spaces around them.
    package var arguments: String { text.string(range) }

    /// The arguments' part of `text`.
    package var range: Range<Int> {
        var end = text.scalars.count
        while end > start, text.scalars[end - 1].isDockerfileSpace { end -= 1 }
        return start..<end
    }

    /// Where the arguments begin; the keyword's place if there are none.
    package var argumentsPlace: DockerfilePlace { range.isEmpty ? keyword.place : text.place(at: start) }

    /// The arguments split at spaces, or the strings of the array.
    package var words: [DockerfileWord] {
        if case .exec(let words) = form { return words }
        return text.spacedWords(range)
    }

    package func flag(_ name: String) -> Flag? { flags.first { $0.name == name } }
}

/// `<<EOF` and the lines up to `EOF`.
package struct DockerfileHeredoc: Sendable, Equatable {
    package var name: String
    package var place: DockerfilePlace
    /// The lines between, joined by newlines.
    package var content: PlacedText
    package var isTerminated: Bool
}

extension PlacedText {
    /// The words of a part, split at spaces. Quotes have no meaning.
    func spacedWords(_ range: Range<Int>) -> [DockerfileWord] {
        var words: [DockerfileWord] = []
        var index = range.lowerBound
        while index < range.upperBound {
            while index < range.upperBound, scalars[index].isDockerfileSpace { index += 1 }
            let start = index
            while index < range.upperBound, !scalars[index].isDockerfileSpace { index += 1 }
            if index > start { words.append(word(start..<index)) }
        }
        return words
    }
}
