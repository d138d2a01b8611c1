extension LabError {
    /// All codes of errors. The part before the dot is the family. docs/errors.md is made from this list.
    ///
    /// A code is written to journals and reports, and symptom rules name it, so it never changes its meaning.
    package enum Code: String, CaseIterable, Sendable {
        /// The path in the container is not a regular file.
        case archiveKind = "archive.kind"
        /// The archive is damaged.
        case archiveMalformed = "archive.malformed"
        /// An ignore file has an invalid pattern.
        case archivePattern = "archive.pattern"
        /// The archive tries to write outside of its folder.
        case archiveUnsafe = "archive.unsafe"

        /// The build copies a file that isn't in the build folder.
        case buildCopyMissing = "build.copyMissing"
        /// The Dockerfile has an error.
        case buildDockerfile = "build.dockerfile"
        /// The folder has no Dockerfile.
        case buildDockerfileMissing = "build.dockerfileMissing"
        /// A command of the build failed.
        case buildFailed = "build.failed"

        /// A container that should be gone exists.
        case checkAbsent = "check.absent"
        /// A command in a container doesn't print the expected line.
        case checkCommand = "check.command"
        /// A container doesn't have the expected state.
        case checkContainer = "check.container"
        /// The container engine doesn't answer.
        case checkEngine = "check.engine"
        /// A file of the workspace is missing or has another content.
        case checkFile = "check.file"
        /// A URL doesn't respond as expected.
        case checkHttp = "check.http"
        /// The engine doesn't have the image.
        case checkImage = "check.image"
        /// A file in a container is missing or too small.
        case checkInside = "check.inside"
        /// A value in a JSON file isn't as expected.
        case checkJson = "check.json"
        /// A container's log doesn't contain the expected line.
        case checkLogs = "check.logs"
        /// A server doesn't have the model, or no worker is ready.
        case checkModel = "check.model"
        /// The output of the task doesn't contain the expected line.
        case checkOutput = "check.output"
        /// The model's first label for a picture is wrong.
        case checkPrediction = "check.prediction"

        /// A program could not be started.
        case childSpawn = "child.spawn"

        /// The image does not contain the program.
        case containerCommandNotFound = "container.commandNotFound"
        /// A container exited with an exit code other than 0.
        case containerExit = "container.exit"
        /// A container that isn't this task's has the name.
        case containerNameTaken = "container.nameTaken"
        /// The engine said that it started the container, and didn't.
        case containerNeverStarted = "container.neverStarted"
        /// There is no such container.
        case containerNotFound = "container.notFound"
        /// The container is not running.
        case containerNotRunning = "container.notRunning"
        /// The container could not be started.
        case containerNotStarted = "container.notStarted"
        /// The kernel killed the container because it used too much memory.
        case containerOutOfMemory = "container.outOfMemory"
        /// The container has no such path.
        case containerPathMissing = "container.pathMissing"
        /// The container was removed while ailab was waiting for it.
        case containerRemoved = "container.removed"
        /// The container is still running.
        case containerRunning = "container.running"

        /// A command of a cure failed.
        case cureCommand = "cure.command"
        /// Another program still holds a lock that the cure needs.
        case cureLockHeld = "cure.lockHeld"
        /// ailab doesn't run this cure itself.
        case cureRefused = "cure.refused"

        /// The engine's configuration file is not valid.
        case daemonConfig = "daemon.config"
        /// The configuration file has a number with more digits than ailab can keep.
        case daemonNumber = "daemon.number"

        /// The demo doesn't change anything.
        case demoOnly = "demo.only"

        /// The files of a deployment can't be written.
        case diskDeploy = "disk.deploy"
        /// The disk is full.
        case diskFull = "disk.full"

        /// A Dockerfile has errors that would make its build fail.
        case dockerfileErrors = "dockerfile.errors"

        /// The editor could not be started.
        case editorFailed = "editor.failed"

        /// The address of the engine is not usable.
        case engineAddress = "engine.address"
        /// Another command is starting or stopping the engine.
        case engineBusy = "engine.busy"
        /// Control groups, or a controller, are not mounted.
        case engineCgroupsMissing = "engine.cgroupsMissing"
        /// No engine answers at the address that the student chose.
        case engineChosenMissing = "engine.chosenMissing"
        /// The chosen docker context cannot be read or has no address.
        case engineContextMissing = "engine.contextMissing"
        /// The socket exists, but no engine listens on it.
        case engineDead = "engine.dead"
        /// The disk has too little space for the lab's images.
        case engineDiskTooSmall = "engine.diskTooSmall"
        /// dockerd is not installed.
        case engineDockerdMissing = "engine.dockerdMissing"
        /// The engine cannot be used, for a reason that has no code of its own.
        case engineFailed = "engine.failed"
        /// The private engine's folder cannot be used.
        case engineFolder = "engine.folder"
        /// iptables is not installed.
        case engineIptablesMissing = "engine.iptablesMissing"
        /// The connection to the engine broke.
        case engineLost = "engine.lost"
        /// No engine answers.
        case engineMissing = "engine.missing"
        /// No container engine is installed.
        case engineNotInstalled = "engine.notInstalled"
        /// Only root can start or stop a private engine.
        case engineNotRoot = "engine.notRoot"
        /// Another engine runs on this machine.
        case engineOtherDaemon = "engine.otherDaemon"
        /// The engine cannot layer images on this file system or kernel.
        case engineOverlayImpossible = "engine.overlayImpossible"
        /// The path of the engine's folder is too long for a socket.
        case enginePathTooLong = "engine.pathTooLong"
        /// The engine is running, but the user may not access it.
        case enginePermission = "engine.permission"
        /// A program that the private engine needs is not installed.
        case engineProgramMissing = "engine.programMissing"
        /// The engine refused a request.
        case engineRefused = "engine.refused"
        /// The engine runs on another machine, which can't serve this one's folders and ports.
        case engineRemote = "engine.remote"
        /// ailab cannot connect to an engine over ssh.
        case engineSSH = "engine.ssh"
        /// The private engine exited right after its start.
        case engineStartFailed = "engine.startFailed"
        /// The private engine did not respond in time after its start.
        case engineStartTimeout = "engine.startTimeout"
        /// A process of the private engine did not end.
        case engineStopFailed = "engine.stopFailed"
        /// The engine did not respond in time.
        case engineTimeout = "engine.timeout"
        /// There is no trusted connection to the engine.
        case engineTLS = "engine.tls"
        /// ailab does not understand the engine's response.
        case engineUnexpected = "engine.unexpected"
        /// The engine's address cannot be reached.
        case engineUnreachable = "engine.unreachable"
        /// ailab and the engine have no API version in common.
        case engineVersion = "engine.version"

        /// A command in a container exited with an exit code other than 0.
        case execExit = "exec.exit"

        /// The downloaded file has another checksum than expected.
        case fetchChecksum = "fetch.checksum"
        /// No address has the file.
        case fetchNoSource = "fetch.noSource"

        /// A file became shorter while ailab sent it.
        case fileChanged = "file.changed"
        /// A file cannot be used, for a reason that has no code of its own.
        case fileFailed = "file.failed"
        /// A folder has more files, or larger ones, than ailab compares.
        case fileFolderTooLarge = "file.folderTooLarge"
        /// The path is not a regular file of a reasonable size.
        case fileKind = "file.kind"
        /// The file does not exist.
        case fileMissing = "file.missing"
        /// A path, or a link on it, leads out of the folder that it must stay in.
        case fileOutside = "file.outside"

        /// NVIDIA's container toolkit is missing.
        case gpuNoRuntime = "gpu.noRuntime"
        /// NVIDIA's container toolkit could not prepare the GPU for the container.
        case gpuRuntimeFailed = "gpu.runtimeFailed"
        /// Containers cannot use a GPU, but the run asks for one.
        case gpuUnavailable = "gpu.unavailable"

        /// A temporary root file system could not be written.
        case hostFolder = "host.folder"

        /// A server answered with an unexpected status.
        case httpStatus = "http.status"

        /// The registry denies access to the image.
        case imageAccessDenied = "image.accessDenied"
        /// Something else still uses the image.
        case imageInUse = "image.inUse"
        /// No source has the image.
        case imageNoSource = "image.noSource"
        /// There is no such image.
        case imageNotFound = "image.notFound"
        /// The engine doesn't have an image that a task of the lab makes.
        case imageNotMade = "image.notMade"
        /// The image is not available for this machine's processor.
        case imagePlatform = "image.platform"

        /// Something unexpected happened.
        case `internal`

        /// The lab file has mistakes.
        case labInvalid = "lab.invalid"
        /// A pattern of a check takes too long.
        case labPatternSlow = "lab.patternSlow"
        /// The lab has no server of this name.
        case labServer = "lab.server"
        /// A value of the lab has a variable that doesn't exist here.
        case labVariable = "lab.variable"

        /// A file reached the largest size that the shell or the file system allows.
        case limitFileSize = "limit.fileSize"
        /// The process or the machine has too many open files.
        case limitOpenFiles = "limit.openFiles"

        /// No memory limit was tight enough for the kernel to kill the container.
        case limitsNotReached = "limits.notReached"

        /// The server's name cannot be resolved.
        case loadAddress = "load.address"
        /// No worker of the model is ready.
        case loadNoWorker = "load.noWorker"
        /// The server doesn't have the model.
        case loadNotServed = "load.notServed"
        /// No program listens at the address.
        case loadUnreachable = "load.unreachable"

        /// The address for the metrics cannot be used.
        case metricsListen = "metrics.listen"
        /// Another program already listens on the port for the metrics.
        case metricsPortTaken = "metrics.portTaken"

        /// The folder to mount does not exist on the engine's machine.
        case mountSourceMissing = "mount.sourceMissing"

        /// A network that this workspace didn't make has the name.
        case networkNameTaken = "network.nameTaken"
        /// No response came over the network.
        case networkNoAnswer = "network.noAnswer"
        /// The engine has no such network.
        case networkNotFound = "network.notFound"

        /// The engine holds the port, and none of its containers publishes it. A crash of the engine leaves this.
        case portStale = "port.stale"
        /// Another program uses the port.
        case portTaken = "port.taken"

        /// Some predictions are wrong.
        case predictionWrong = "prediction.wrong"

        /// The registry's certificate is not trusted.
        case registryCertificate = "registry.certificate"
        /// The registry's download limit is reached.
        case registryRateLimit = "registry.rateLimit"
        /// The registry doesn't respond.
        case registrySilent = "registry.silent"
        /// The engine cannot reach the registry.
        case registryUnreachable = "registry.unreachable"

        /// While two versions were served, requests were lost or had a wrong answer.
        case rolloutLost = "rollout.lost"

        /// The run was cancelled.
        case runCancelled = "run.cancelled"
        /// The run's process disappeared.
        case runLost = "run.lost"

        /// The server did not respond in time.
        case serveNotReady = "serve.notReady"

        /// A source of an image or a file isn't available.
        case sourceFailed = "source.failed"

        /// A program failed while a base image was built without a registry.
        case standinFailed = "standin.failed"
        /// A program that builds base images without a registry is not installed.
        case standinMissingProgram = "standin.missingProgram"
        /// A program did not finish in time while a base image was built without a registry.
        case standinTimeout = "standin.timeout"

        /// The student's file is still the empty template.
        case studentFile = "student.file"

        /// A service of a swarm lost requests although its replicas were replaced one after the other.
        case swarmLost = "swarm.lost"
        /// A service in the swarm has the name, and isn't this workspace's.
        case swarmNameTaken = "swarm.nameTaken"
        /// The student hasn't allowed to begin a swarm on the engine, or to use somebody else's.
        case swarmNotAllowed = "swarm.notAllowed"
        /// The replicas of a service didn't become ready in time.
        case swarmNotReady = "swarm.notReady"
        /// The engine can't run services of a swarm.
        case swarmUnavailable = "swarm.unavailable"
        /// Others use the swarm that should end.
        case swarmUsed = "swarm.used"

        /// The task did not finish in time.
        case taskTimeout = "task.timeout"

        /// The server does not allow registering or removing models.
        case torchserveApiDisabled = "torchserve.apiDisabled"
        /// The server cannot download or read the model's archive.
        case torchserveArchive = "torchserve.archive"
        /// The model store does not contain the archive.
        case torchserveArchiveNotFound = "torchserve.archiveNotFound"
        /// The model is already registered.
        case torchserveConflict = "torchserve.conflict"
        /// A request to the server failed, for a reason that has no code of its own.
        case torchserveFailed = "torchserve.failed"
        /// The server's key_file.json does not contain the expected keys.
        case torchserveKeyFile = "torchserve.keyFile"
        /// The server does not have the model.
        case torchserveModelNotFound = "torchserve.modelNotFound"
        /// The model is registered without a worker.
        case torchserveNoWorkers = "torchserve.noWorkers"
        /// No worker of the model was ready in time.
        case torchserveNotReady = "torchserve.notReady"
        /// The worker ran out of memory.
        case torchserveOutOfMemory = "torchserve.outOfMemory"
        /// No worker is free.
        case torchserveOverloaded = "torchserve.overloaded"
        /// The model's handler failed on the input.
        case torchservePredictionFailed = "torchserve.predictionFailed"
        /// The program that responded is not TorchServe.
        case torchserveProtocol = "torchserve.protocol"
        /// The server did not respond in time.
        case torchserveTimeout = "torchserve.timeout"
        /// The request had no token, or the server rejects it.
        case torchserveToken = "torchserve.token"
        /// The token has expired.
        case torchserveTokenExpired = "torchserve.tokenExpired"
        /// The request is larger than the server allows.
        case torchserveTooLarge = "torchserve.tooLarge"
        /// No program responds at the server's address.
        case torchserveUnreachable = "torchserve.unreachable"
        /// The worker died or exceeded the server's response timeout.
        case torchserveWorkerDied = "torchserve.workerDied"
        /// The model's worker did not start.
        case torchserveWorkerStart = "torchserve.workerStart"

        /// The library libcurl cannot be loaded.
        case transportLibraryMissing = "transport.libraryMissing"

        /// The server gave no correct answer while its settings were measured.
        case tuneNoAnswer = "tune.noAnswer"

        /// A text is not an address and port.
        case usageAddress = "usage.address"
        /// There is no such check.
        case usageCheck = "usage.check"
        /// There is no such command.
        case usageCommand = "usage.command"
        /// The lab has no demo recording.
        case usageDemo = "usage.demo"
        /// The lab has nothing to deploy, or not yet.
        case usageDeploy = "usage.deploy"
        /// The server is not this machine's, so ailab sends no load.
        case usageElsewhere = "usage.elsewhere"
        /// A text does not say what a response must be.
        case usageExpect = "usage.expect"
        /// The workspace's path begins with a `~` that the shell didn't expand.
        case usageHome = "usage.home"
        /// There is no such lab.
        case usageLab = "usage.lab"
        /// Other machines could reach the address for the metrics.
        case usageListenAddress = "usage.listenAddress"
        /// The lab asks no model of this name.
        case usageModel = "usage.model"
        /// The report cannot be written to this path.
        case usageOutput = "usage.output"
        /// The file isn't a PNG or JPEG picture.
        case usagePicture = "usage.picture"
        /// There is nothing to report.
        case usageReport = "usage.report"
        /// The request of a load test cannot be sent.
        case usageRequest = "usage.request"
        /// There is no such run, or it is not in the needed state.
        case usageRun = "usage.run"
        /// A text is not a size.
        case usageSize = "usage.size"
        /// There is no such step.
        case usageStep = "usage.step"
        /// There is no terminal, or it cannot be used.
        case usageTerminal = "usage.terminal"
        /// ailab can't send requests to the URL.
        case usageURL = "usage.url"
        /// The lab has no such variable.
        case usageVariable = "usage.variable"
        /// Nobody can be asked, so nothing was removed.
        case usageYes = "usage.yes"

        /// Another process is using the workspace.
        case workspaceBusy = "workspace.busy"
        /// The workspace's folder disappeared during a run.
        case workspaceGone = "workspace.gone"
        /// The file with the workspace's name is empty or damaged.
        case workspaceLostID = "workspace.lostID"
        /// The user may not access a path of the workspace.
        case workspacePermission = "workspace.permission"
        /// The path cannot be a workspace.
        case workspaceUnusable = "workspace.unusable"
    }
}
