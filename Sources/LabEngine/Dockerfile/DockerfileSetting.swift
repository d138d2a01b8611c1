package import LabSupport

/// The program that reads a Dockerfile.
package enum DockerfileBuilder: String, Sendable, Codable {
    /// Docker's first builder, on an engine without BuildKit.
    case classic
    case buildKit
    /// Podman's.
    case buildah
    /// No engine was asked yet.
    case unknown
}

/// The files that COPY can find.
package struct DockerfileContext: Sendable, Equatable {
    /// The folder, as a message names it.
    package var folder: String
    /// Files and folders that are sent to the builder, relative to the folder.
    package var paths: Set<String>
    /// Those that `.dockerignore` excludes.
    package var ignored: Set<String>

    package init(folder: String, paths: Set<String>, ignored: Set<String> = []) {
        self.folder = folder
        self.paths = paths
        self.ignored = ignored
    }
}

/// Something that the lab wants of the file.
package struct DockerfileWant: Sendable, Equatable {
    /// What it is, in a few words.
    package var text: Text
    /// The instructions that can fulfil it. Empty: any.
    package var instructions: [String]
    /// Regular expressions. The arguments of an instruction fulfil each, not necessarily of the same one. Empty: any.
    package var patterns: [String]
    /// Files of the context that COPY or ADD must bring into the image, in one instruction or in several.
    package var files: [String]
    /// The number of the TODO in the template.
    package var todo: Int?
    /// What to write.
    package var advice: Text
    /// The lab works without it.
    package var isOptional: Bool

    package init(
        text: Text, instructions: [String] = [], patterns: [String] = [], files: [String] = [], todo: Int? = nil, advice: Text,
        isOptional: Bool = false
    ) {
        self.text = text
        self.instructions = instructions
        self.patterns = patterns
        self.files = files
        self.todo = todo
        self.advice = advice
        self.isOptional = isOptional
    }
}

/// Something that the course prints and that no longer works.
package struct DockerfileErratum: Sendable, Equatable {
    package var printed: String
    package var why: Text
    package var instead: Text
    /// The instructions in which it is found. Empty: any.
    package var instructions: [String]
    /// A regular expression for the arguments.
    package var pattern: String
    /// The build or the lab surely fails with it.
    package var isFatal: Bool

    package init(printed: String, why: Text, instead: Text, instructions: [String], pattern: String, isFatal: Bool) {
        self.printed = printed
        self.why = why
        self.instead = instead
        self.instructions = instructions
        self.pattern = pattern
        self.isFatal = isFatal
    }
}

/// What a Dockerfile is checked against.
package struct DockerfileSetting: Sendable, Equatable {
    package var builder: DockerfileBuilder
    /// BuildKit: the version 1.x of the language that it knows. Buildah: its own version 1.x. Classic: that of the Engine API. Nil if nobody knows.
    package var release: Int?
    /// Nil if nobody knows the files.
    package var context: DockerfileContext?
    /// Build arguments that the build sets, with their values if they are known.
    package var arguments: [String: String?]
    /// Those of them whose value is an image that the lab prepares.
    package var images: Set<String>
    package var wants: [DockerfileWant]
    package var errata: [DockerfileErratum]

    package init(
        builder: DockerfileBuilder = .unknown, release: Int? = nil, context: DockerfileContext? = nil, arguments: [String: String?] = [:],
        images: Set<String> = [], wants: [DockerfileWant] = [], errata: [DockerfileErratum] = []
    ) {
        self.builder = builder
        self.release = release
        self.context = context
        self.arguments = arguments
        self.images = images
        self.wants = wants
        self.errata = errata
    }
}
