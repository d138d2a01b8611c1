/// What a task does. Each case is one key under `action:` in the lab file.
package enum LabAction: Sendable, Equatable {
    /// `read: true` — nothing is executed, the text is the task.
    case read
    /// `facts: [engine, disk, memory, gpu, …]` — looks at this machine and says what it found.
    case facts([LabFact])
    /// `image: NAME` — gets an image of the `images:` section from the first source that serves it.
    case image(name: String)
    /// `file:` — puts the student's own copy of a file into the workspace.
    case file(LabFileAction)
    /// `build:` — builds an image.
    case build(LabBuildAction)
    /// `run:` — runs a container to its end.
    case run(LabContainer)
    /// `shell:` — an interactive container; without a terminal its script is run instead.
    case shell(LabShellAction)
    /// `exec:` — runs a command in a running container.
    case exec(LabExecAction)
    /// `containers: true` — lists the lab's containers, as `docker ps -a` does.
    case containers
    /// `compare:` — the same facts inside a container and outside, side by side.
    case compare(LabContainer)
    /// `copy:` — copies a file or folder between the workspace and a container.
    case copy(LabCopyAction)
    /// `fetch:` — downloads a file into the workspace.
    case fetch(LabFetchAction)
    /// `serve:` — starts a server's container and waits until it answers.
    case serve(LabServeAction)
    /// `archive:` — packs a model with torch-model-archiver inside the server's container.
    case archive(LabArchiveAction)
    /// `register:` — loads an archive into the server and waits for a worker that is READY.
    case register(LabRegisterAction)
    /// `predict:` — asks a model about pictures whose content is known.
    case predict(LabPredictAction)
    /// `stop:` — stops and removes the server's container.
    case stop(server: String)
}

/// Facts that a lab may ask for.
package enum LabFact: String, Sendable, CaseIterable {
    case engine
    case disk
    case memory
    case processors
    case gpu
    case network
}

/// The student's copy of a file: made from `template`, replaced by `reference` when a run is automatic.
package struct LabFileAction: Sendable, Equatable {
    /// Path in the workspace.
    package var path: String
    /// Commented template in the lab's folder.
    package var template: String
    /// Solution in the lab's folder.
    package var reference: String

    package init(path: String, template: String, reference: String) {
        self.path = path
        self.template = template
        self.reference = reference
    }
}

/// `docker build`.
package struct LabBuildAction: Sendable, Equatable {
    package var tag: String
    /// Folder of the lab that is the build context.
    package var context: String
    /// Reference Dockerfile, in the lab's folder.
    package var dockerfile: String
    /// The student's own Dockerfile in the workspace, used instead where it exists and the run is not automatic.
    package var student: String?
    /// Build arguments; a value `image:NAME` stands for the tag of that image, adapted to this host.
    package var arguments: [String: String]

    package init(tag: String, context: String, dockerfile: String, student: String? = nil, arguments: [String: String] = [:]) {
        self.tag = tag
        self.context = context
        self.dockerfile = dockerfile
        self.student = student
        self.arguments = arguments
    }
}

/// `docker run`.
package struct LabContainer: Sendable, Equatable {
    package enum GPU: String, Sendable, CaseIterable {
        case never
        /// Asked for where the run's device is the GPU.
        case auto
    }

    package var image: String
    package var name: String
    /// Empty: the image's own command.
    package var command: [String]
    package var entrypoint: [String]?
    package var environment: [String: String]
    /// Published on 127.0.0.1 only.
    package var ports: [LabPort]
    package var mounts: [LabMount]
    package var gpu: GPU
    package var user: String?
    /// Bytes, with docker's suffixes (`512m`).
    package var memory: String?
    /// Number of processors, fractions allowed.
    package var cpus: String?
    package var shm: String?
    /// Seconds after which the container is stopped and the task has failed; nil: no limit.
    package var timeout: Int?

    package init(
        image: String, name: String, command: [String] = [], entrypoint: [String]? = nil, environment: [String: String] = [:],
        ports: [LabPort] = [], mounts: [LabMount] = [], gpu: GPU = .never, user: String? = nil, memory: String? = nil,
        cpus: String? = nil, shm: String? = nil, timeout: Int? = nil
    ) {
        self.image = image
        self.name = name
        self.command = command
        self.entrypoint = entrypoint
        self.environment = environment
        self.ports = ports
        self.mounts = mounts
        self.gpu = gpu
        self.user = user
        self.memory = memory
        self.cpus = cpus
        self.shm = shm
        self.timeout = timeout
    }
}

/// A port of the host and the container's port behind it.
package struct LabPort: Sendable, Equatable {
    package var host: String
    package var container: Int

    package init(host: String, container: Int) {
        self.host = host
        self.container = container
    }
}

/// A folder of the host seen inside a container.
package struct LabMount: Sendable, Equatable {
    package enum Source: Sendable, Equatable {
        /// A folder of the workspace, created when missing.
        case workspace(String)
        /// A folder of the lab, mounted read-only.
        case lab(String)
    }

    package var source: Source
    package var target: String
    package var readOnly: Bool

    package init(source: Source, target: String, readOnly: Bool = false) {
        self.source = source
        self.target = target
        self.readOnly = readOnly
    }
}

/// `docker run -it`, and what is run where there is no terminal.
package struct LabShellAction: Sendable, Equatable {
    package var container: LabContainer
    /// Commands of the scripted equivalent, given to the shell one by one.
    package var script: [String]

    package init(container: LabContainer, script: [String]) {
        self.container = container
        self.script = script
    }
}

/// `docker exec`.
package struct LabExecAction: Sendable, Equatable {
    package var container: String
    package var command: [String]
    package var user: String?
    /// Seconds; nil: no limit.
    package var timeout: Int?

    package init(container: String, command: [String], user: String? = nil, timeout: Int? = nil) {
        self.container = container
        self.command = command
        self.user = user
        self.timeout = timeout
    }
}

/// `docker cp`.
package struct LabCopyAction: Sendable, Equatable {
    package enum Direction: String, Sendable, CaseIterable {
        case into = "in"
        case out
    }

    package var direction: Direction
    package var container: String
    /// Path in the container.
    package var inside: String
    /// Path in the workspace.
    package var outside: String

    package init(direction: Direction, container: String, inside: String, outside: String) {
        self.direction = direction
        self.container = container
        self.inside = inside
        self.outside = outside
    }
}

/// A download.
package struct LabFetchAction: Sendable, Equatable {
    package var files: [LabFetchFile]

    package init(files: [LabFetchFile]) { self.files = files }
}

/// One file, its checksum, and the addresses that may have it, tried in order.
package struct LabFetchFile: Sendable, Equatable {
    /// Path in the workspace.
    package var path: String
    /// Hexadecimal.
    package var sha256: String
    package var urls: [String]

    package init(path: String, sha256: String, urls: [String]) {
        self.path = path
        self.sha256 = sha256
        self.urls = urls
    }
}

/// A TorchServe container.
package struct LabServeAction: Sendable, Equatable {
    package var server: String
    package var container: LabContainer
    /// Seconds until it must answer.
    package var ready: Int

    package init(server: String, container: LabContainer, ready: Int) {
        self.server = server
        self.container = container
        self.ready = ready
    }
}

/// `torch-model-archiver`, with the names of its options.
package struct LabArchiveAction: Sendable, Equatable {
    package var server: String
    package var modelName: String
    package var version: String
    package var modelFile: String?
    package var serializedFile: String
    package var handler: String
    package var extraFiles: [String]
    package var exportPath: String

    package init(
        server: String, modelName: String, version: String, modelFile: String? = nil, serializedFile: String, handler: String,
        extraFiles: [String] = [], exportPath: String
    ) {
        self.server = server
        self.modelName = modelName
        self.version = version
        self.modelFile = modelFile
        self.serializedFile = serializedFile
        self.handler = handler
        self.extraFiles = extraFiles
        self.exportPath = exportPath
    }
}

/// Registration of an archive through the management API.
package struct LabRegisterAction: Sendable, Equatable {
    package var server: String
    package var model: String
    /// File name in the model store.
    package var archive: String
    package var workers: Int
    /// Seconds until a worker must be READY.
    package var ready: Int

    package init(server: String, model: String, archive: String, workers: Int, ready: Int) {
        self.server = server
        self.model = model
        self.archive = archive
        self.workers = workers
        self.ready = ready
    }
}

/// Requests whose right answers are known.
package struct LabPredictAction: Sendable, Equatable {
    package var server: String
    package var model: String
    package var cases: [LabPredictionCase]
    /// Seconds that one answer may take.
    package var timeout: Int

    package init(server: String, model: String, cases: [LabPredictionCase], timeout: Int) {
        self.server = server
        self.model = model
        self.cases = cases
        self.timeout = timeout
    }
}

/// A picture and the labels that are right for it.
package struct LabPredictionCase: Sendable, Equatable {
    /// Path in the lab's folder.
    package var picture: String
    /// Any of these as the first label is right.
    package var expected: [String]

    package init(picture: String, expected: [String]) {
        self.picture = picture
        self.expected = expected
    }
}
