/// An event of a build by BuildKit. Independent instructions run at the same time, so events of several are interleaved.
package enum BuildKitEvent: Sendable, Equatable {
    case began(BuildKitStep)
    case ended(BuildKitStep, BuildKitEnd)
    /// Output of an instruction, which may be part of a line. `time`: seconds since 1970.
    case output(BuildKitStep, OutputChannel, [UInt8], time: Double)
    /// Progress of a base image's download.
    case pull(PullEvent)
    case warning(BuildKitWarning)
    /// The image that was made.
    case image(id: String)
    /// The engine's own line.
    case notice(String)
}

/// Something that BuildKit does: an instruction of the Dockerfile, or a step of its own.
package struct BuildKitStep: Sendable, Hashable {
    /// BuildKit's digest of it.
    package var id: String
    /// The instruction with its variables filled in, or a description.
    package var words: String
    /// Where the instruction stands. Nil for a step of BuildKit's own.
    package var place: Place?

    /// The second of `[build 2/6] RUN make`: BuildKit counts only what makes layers.
    package struct Place: Sendable, Hashable {
        /// The stage's name, or `stage-0`. Nil if there is only one stage.
        package var stage: String?
        package var index: Int
        package var count: Int

        package init(stage: String? = nil, index: Int, count: Int) {
            self.stage = stage
            self.index = index
            self.count = count
        }
    }

    package init(id: String, words: String, place: Place? = nil) {
        self.id = id
        self.words = words
        self.place = place
    }

    /// Reads a name such as `[stage-1  2/12] RUN make` or `[linux/arm64 build 1/3] FROM …`.
    init(id: String, name: String) {
        self.init(id: id, words: name)
        guard name.hasPrefix("["), let end = name.firstIndex(of: "]") else { return }
        let inside = name[name.index(after: name.startIndex)..<end].split(separator: " ")
        let numbers = inside.last?.split(separator: "/") ?? []
        guard numbers.count == 2, let index = Int(numbers[0]), let count = Int(numbers[1]), index > 0, index <= count else { return }
        // Before the stage, there may be a platform, whose name has a slash.
        let stage = inside.dropLast().last { !$0.contains("/") }.map(String.init)
        place = Place(stage: stage, index: index, count: count)
        words = name[name.index(after: end)...].trimmingWhitespace()
    }
}

/// How a step ended.
package enum BuildKitEnd: Sendable, Equatable {
    case cached
    case done(seconds: Double)
    /// BuildKit's words. They are also those of a step that was stopped because another one failed.
    case failed(String)
}

/// A remark of BuildKit about the Dockerfile.
package struct BuildKitWarning: Sendable, Equatable {
    package var text: String
    package var detail: String
    /// The line of the Dockerfile.
    package var line: Int?

    package init(text: String, detail: String = "", line: Int? = nil) {
        self.text = text
        self.detail = detail
        self.line = line
    }
}
