/// A Dockerfile as its instructions. What is wrong with its form is in `problems`; reading goes on after each.
///
/// The grammar is https://docs.docker.com/reference/dockerfile/; where that is silent, BuildKit's parser, which Docker's classic builder
/// uses, too.
package struct Dockerfile: Sendable, Equatable {
    /// Something about the form of the file that only the parser sees.
    package struct Problem: Sendable, Equatable {
        package enum Kind: Sendable, Equatable {
            /// The file isn't read at all: so many bytes.
            case tooLarge(Int)
            case lineTooLong(Int)
            case nul
            case invalidUTF8
            case byteOrderMark
            case windowsLineEnds
            case spaceAfterContinuation
            case emptyContinuation
            case continuationAtEnd
            case repeatedDirective(String)
            case badEscape(String)
            /// `# syntax=` and the like behind the first line that isn't a directive: a comment.
            case lateDirective(String)
        }

        package var kind: Kind
        package var place: DockerfilePlace
    }

    /// `# syntax=docker/dockerfile:1`.
    package struct Directive: Sendable, Equatable {
        package var name: String
        package var value: String
        package var place: DockerfilePlace
    }

    /// The lines without their line ends. Bytes that aren't UTF-8 become U+FFFD.
    package internal(set) var lines: [String] = []
    package internal(set) var directives: [Directive] = []
    package internal(set) var instructions: [DockerfileInstruction] = []
    package internal(set) var comments: [DockerfileWord] = []
    package internal(set) var problems: [Problem] = []
    /// `\`, or the backtick if a directive says so.
    package internal(set) var escape: Unicode.Scalar = "\\"

    /// Bytes that are read at most.
    package static let limit = 2 << 20
    /// The builder's limit for a line: https://pkg.go.dev/bufio#MaxScanTokenSize
    package static let lineLimit = 65535

    package init(_ bytes: [UInt8]) {
        var parser = DockerfileParser(bytes)
        self = parser.parse()
    }

    /// One build stage: a FROM and what follows it.
    package struct Stage: Sendable, Equatable {
        package var from: DockerfileInstruction
        /// In lower case, as Docker compares it.
        package var name: String?
        package var instructions: [DockerfileInstruction]
    }

    /// The stages in their order.
    package var stages: [Stage] {
        var stages: [Stage] = []
        for instruction in instructions {
            if instruction.name == "FROM", !instruction.isTrigger {
                let words = instruction.words.map(\.text)
                let name = words.count == 3 && words[1].lowercased() == "as" ? words[2].lowercased() : nil
                stages.append(Stage(from: instruction, name: name, instructions: []))
            } else if !stages.isEmpty {
                stages[stages.count - 1].instructions.append(instruction)
            }
        }
        return stages
    }

    /// The line as written, for messages.
    package func line(_ number: Int) -> String { lines.indices.contains(number - 1) ? lines[number - 1] : "" }
}
