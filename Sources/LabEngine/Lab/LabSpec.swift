package import LabSupport

/// A lab as read from its YAML file: everything that is specific to one exercise.
///
/// Strings can contain `${name}`: a variable of the lab, or one of the names in `Template.builtIns`. A run fills them in when it's planned,
/// not when the file is read.
package struct LabSpec: Sendable, Equatable {
    /// A short name without spaces. It's the value of the label `ailab.lab`.
    package var id: String
    package var title: Text
    package var summary: Text
    /// The variables, in the order of the file.
    package var variables: [LabVariable]
    package var images: [LabImage]
    package var servers: [LabServer]
    package var steps: [LabStep]
    /// Clusters whose nodes and queue are shown.
    package var schedulers: [LabScheduler]
    /// How a model of the lab is served by `ailab deploy`. Nil if none is.
    package var deployment: LabDeployment?
    /// The folder with the lab's files. The lab's relative paths start here.
    package var directory: String
    /// The file in the lab's folder that explains its terms.
    package var glossary: String?
    /// The file in the lab's folder that explains the words of its commands.
    package var commands: String?

    package init(
        id: String, title: Text, summary: Text, variables: [LabVariable], images: [LabImage], servers: [LabServer], steps: [LabStep],
        schedulers: [LabScheduler] = [], deployment: LabDeployment? = nil, directory: String, glossary: String? = nil,
        commands: String? = nil
    ) {
        self.id = id
        self.title = title
        self.summary = summary
        self.variables = variables
        self.images = images
        self.servers = servers
        self.steps = steps
        self.schedulers = schedulers
        self.deployment = deployment
        self.directory = directory
        self.glossary = glossary
        self.commands = commands
    }

    /// All tasks in the order of the file.
    package var tasks: [LabTask] { steps.flatMap(\.tasks) }

    package func task(_ id: TaskID) -> LabTask? { tasks.first { $0.id == id } }
    package func image(_ name: String) -> LabImage? { images.first { $0.name == name } }
    package func server(_ name: String) -> LabServer? { servers.first { $0.name == name } }
}

/// `3.4` is the fourth sub-step of the course's part 3.
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

/// A variable. `--set name=value` changes its value.
package struct LabVariable: Sendable, Equatable {
    package var name: String
    /// A word or two for a list of settings. Nil if the name says enough.
    package var title: Text?
    package var text: Text
    package var value: String
    /// The value for `--quick`. Nil for the same value.
    package var quick: String?
    /// A regular expression that the whole value must match. Nil if any value is allowed.
    package var pattern: String?
    /// Nil if all students have the same value.
    package var perStudent: LabStudentValues?

    package init(
        name: String, title: Text? = nil, text: Text, value: String, quick: String? = nil, pattern: String? = nil,
        perStudent: LabStudentValues? = nil
    ) {
        self.name = name
        self.title = title
        self.text = text
        self.value = value
        self.quick = quick
        self.pattern = pattern
        self.perStudent = perStudent
    }

    /// What a student calls it.
    package var shownName: Text { title ?? Text(verbatim: name) }
}

/// An image that a task needs, and its sources, the best first.
package struct LabImage: Sendable, Equatable {
    /// The image's name in the lab file.
    package var name: String
    /// The image's reference on the engine.
    package var tag: String
    package var text: Text
    package var sources: [LabImageSource]
    /// True if the host's certificate authorities, proxy and package mirrors are added to it. Builds that start from it then work behind
    /// them.
    package var adapted: Bool

    /// The `NAME` of a reference `image:NAME`, which means an entry of `images:`. Nil for any other reference.
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

/// A place that an image can come from.
package enum LabImageSource: Sendable, Equatable {
    /// A registry. After it, the same path is tried on the mirrors that the user configured.
    case pull(reference: String)
    /// A minimal Debian from the distribution's packages, made with mmdebstrap and imported as `tag`.
    case debian(suite: String, include: [String], tag: String)
    /// Debian's static busybox with a link for each applet, imported as `tag`. Its default command is `command`.
    case busybox(tag: String, command: [String], files: [InlineFile])
}

/// A TorchServe in a container, with the host's ports of its three APIs.
package struct LabServer: Sendable, Equatable {
    package var name: String
    package var container: String
    package var inferencePort: String
    package var managementPort: String
    package var metricsPort: String
    /// The absolute path in the container of the file with the token keys.
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
    /// What its tasks show once they are done.
    package var proofs: [LabProof]
    /// What they don't show, although one might think so.
    package var limits: [Text]

    package init(number: Int, title: Text, tasks: [LabTask], proofs: [LabProof] = [], limits: [Text] = []) {
        self.number = number
        self.title = title
        self.tasks = tasks
        self.proofs = proofs
        self.limits = limits
    }
}

/// A sub-step: one action, and what must be true afterwards.
package struct LabTask: Sendable, Equatable {
    package var id: TaskID
    package var title: Text
    /// Markdown. If the lab file has no text, it's from `prose/<language>/<id>.md` in the lab's folder.
    package var text: Text
    /// The tasks whose results this one uses.
    package var needs: [TaskID]
    package var action: LabAction
    package var checks: [LabCheck]
    /// How many seconds it takes on an ordinary machine, and with `--quick`.
    package var expectedSeconds: Int
    package var expectedQuickSeconds: Int?
    package var hints: [LabHint]
    package var errata: [LabErratum]
    /// Homework of the course. It runs with the rest, but its failure doesn't stop the following steps.
    package var optional: Bool
    /// Asked before the task runs.
    package var question: LabQuestion?

    package init(
        id: TaskID, title: Text, text: Text, needs: [TaskID], action: LabAction, checks: [LabCheck], expectedSeconds: Int,
        expectedQuickSeconds: Int? = nil, hints: [LabHint] = [], errata: [LabErratum] = [], optional: Bool = false,
        question: LabQuestion? = nil
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
        self.question = question
    }
}

/// A mistake in the course's text: the printed text, why it fails today, and what ailab does instead.
package struct LabErratum: Sendable, Equatable {
    package var printed: String
    package var why: Text
    package var instead: Text
    /// How the check of a Dockerfile finds it; nil if it stands in no Dockerfile.
    package var sign: Sign?

    /// Where an erratum is found in a Dockerfile.
    package struct Sign: Sendable, Equatable {
        /// The instructions in which it is looked for. Empty: any.
        package var instructions: [String]
        /// A regular expression for their arguments.
        package var pattern: String
        /// The build or the lab surely fails with it.
        package var isFatal: Bool

        package init(instructions: [String] = [], pattern: String, isFatal: Bool) {
            self.instructions = instructions
            self.pattern = pattern
            self.isFatal = isFatal
        }
    }

    package init(printed: String, why: Text, instead: Text, sign: Sign? = nil) {
        self.printed = printed
        self.why = why
        self.instead = instead
        self.sign = sign
    }
}
