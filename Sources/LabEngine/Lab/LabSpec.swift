package import LabSupport

/// A lab: everything that is particular to one exercise, as read from its YAML file.
///
/// Strings may hold `${name}`: a variable of the lab, or one of the built-in names of `Template.builtIns`. They are filled in when a run
/// is planned, not when the file is read.
package struct LabSpec: Sendable, Equatable {
    /// Short name without spaces; becomes the label `ailab.lab`.
    package var id: String
    package var title: Text
    package var summary: Text
    /// Declared variables in order of appearance.
    package var variables: [LabVariable]
    package var images: [LabImage]
    package var servers: [LabServer]
    package var steps: [LabStep]
    /// Folder that holds the lab's files; relative paths of the lab start here.
    package var directory: String

    package init(
        id: String, title: Text, summary: Text, variables: [LabVariable], images: [LabImage], servers: [LabServer], steps: [LabStep],
        directory: String
    ) {
        self.id = id
        self.title = title
        self.summary = summary
        self.variables = variables
        self.images = images
        self.servers = servers
        self.steps = steps
        self.directory = directory
    }

    /// All tasks in the order of the file.
    package var tasks: [LabTask] { steps.flatMap(\.tasks) }

    package func task(_ id: TaskID) -> LabTask? { tasks.first { $0.id == id } }
    package func image(_ name: String) -> LabImage? { images.first { $0.name == name } }
    package func server(_ name: String) -> LabServer? { servers.first { $0.name == name } }
}

/// `3.4`: the fourth sub-step of the course's part 3.
package struct TaskID: Hashable, Sendable, Codable, Comparable, CustomStringConvertible {
    package var step: Int
    package var number: Int

    package init(step: Int, number: Int) {
        self.step = step
        self.number = number
    }

    /// Parses `N.M`.
    package init?(_ text: String) {
        let parts = text.split(separator: ".", omittingEmptySubsequences: false)
        guard parts.count == 2, let step = Int(parts[0]), let number = Int(parts[1]), step > 0, number > 0 else { return nil }
        self.init(step: step, number: number)
    }

    package var description: String { "\(step).\(number)" }

    package static func < (a: TaskID, b: TaskID) -> Bool { (a.step, a.number) < (b.step, b.number) }

    package init(from decoder: any Decoder) throws {
        let container = try decoder.singleValueContainer()
        let text = try container.decode(String.self)
        guard let id = TaskID(text) else {
            throw DecodingError.dataCorruptedError(in: container, debugDescription: "not a task id: \(text)")
        }
        self = id
    }

    package func encode(to encoder: any Encoder) throws {
        var container = encoder.singleValueContainer()
        try container.encode(description)
    }
}

/// A value that `--set name=value` may change.
package struct LabVariable: Sendable, Equatable {
    package var name: String
    package var text: Text
    package var value: String
    /// The value under `--quick`; nil: the same.
    package var quick: String?
    /// Regular expression that a value must match as a whole; nil: anything.
    package var pattern: String?

    package init(name: String, text: Text, value: String, quick: String? = nil, pattern: String? = nil) {
        self.name = name
        self.text = text
        self.value = value
        self.quick = quick
        self.pattern = pattern
    }
}

/// An image that a task needs, and the places it may come from, best first.
package struct LabImage: Sendable, Equatable {
    /// The name that the lab file uses for it.
    package var name: String
    /// The reference it gets on the engine.
    package var tag: String
    package var text: Text
    package var sources: [LabImageSource]
    /// True where the host's certificate authorities, proxy and package mirrors are to be laid over it, so that builds on it work behind them.
    package var adapted: Bool

    /// `NAME` of a reference `image:NAME`, which stands for an entry of `images:`; nil for any other reference.
    package static func name(in reference: String) -> String? {
        reference.hasPrefix("image:") ? String(reference.dropFirst("image:".count)) : nil
    }

    package init(name: String, tag: String, text: Text, sources: [LabImageSource], adapted: Bool = false) {
        self.name = name
        self.tag = tag
        self.text = text
        self.sources = sources
        self.adapted = adapted
    }
}

/// One place an image may come from.
package enum LabImageSource: Sendable, Equatable {
    /// A registry; the mirrors that the user configured are tried with the same path after it.
    case pull(reference: String)
    /// Debian's minimal system from the distribution's packages, made with mmdebstrap and imported under `tag`.
    case debian(suite: String, include: [String], tag: String)
    /// Debian's static busybox with a link for every applet, imported under `tag`, running `command` by default.
    case busybox(tag: String, command: [String], files: [InlineFile])
}

/// A TorchServe in a container, with the host's ports of its three APIs.
package struct LabServer: Sendable, Equatable {
    package var name: String
    package var container: String
    package var inferencePort: String
    package var managementPort: String
    package var metricsPort: String
    /// Absolute path in the container of the file that holds the token keys.
    package var keyFile: String

    package init(name: String, container: String, inferencePort: String, managementPort: String, metricsPort: String, keyFile: String) {
        self.name = name
        self.container = container
        self.inferencePort = inferencePort
        self.managementPort = managementPort
        self.metricsPort = metricsPort
        self.keyFile = keyFile
    }
}

/// A part of the course.
package struct LabStep: Sendable, Equatable {
    package var number: Int
    package var title: Text
    package var tasks: [LabTask]

    package init(number: Int, title: Text, tasks: [LabTask]) {
        self.number = number
        self.title = title
        self.tasks = tasks
    }
}

/// A sub-step: one action, and what must be true of the machine afterwards.
package struct LabTask: Sendable, Equatable {
    package var id: TaskID
    package var title: Text
    /// Markdown; from `prose/<language>/<id>.md` of the lab's folder where the file gives none itself.
    package var text: Text
    /// Tasks whose results this one uses.
    package var needs: [TaskID]
    package var action: LabAction
    package var checks: [LabCheck]
    /// Seconds it takes on an ordinary machine, and under `--quick`.
    package var expectedSeconds: Int
    package var expectedQuickSeconds: Int?
    package var hints: [Text]
    package var errata: [LabErratum]
    /// Homework of the course: done with the rest, its failure does not stop the following steps.
    package var optional: Bool

    package init(
        id: TaskID, title: Text, text: Text, needs: [TaskID], action: LabAction, checks: [LabCheck], expectedSeconds: Int,
        expectedQuickSeconds: Int? = nil, hints: [Text] = [], errata: [LabErratum] = [], optional: Bool = false
    ) {
        self.id = id
        self.title = title
        self.text = text
        self.needs = needs
        self.action = action
        self.checks = checks
        self.expectedSeconds = expectedSeconds
        self.expectedQuickSeconds = expectedQuickSeconds
        self.hints = hints
        self.errata = errata
        self.optional = optional
    }
}

/// What the course prints, why it fails today, and what is done instead.
package struct LabErratum: Sendable, Equatable {
    package var printed: String
    package var why: Text
    package var instead: Text

    package init(printed: String, why: Text, instead: Text) {
        self.printed = printed
        self.why = why
        self.instead = instead
    }
}
