import ArgumentParser
import LabEngine

/// `ailab step 3 --auto`
struct StepCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "step", abstract: "Carry a step out: 3, 4.5, 2-4 or all, with the earlier sub-steps it needs.")

    @Argument(help: "Step (3), sub-step (4.5), range (2-4) or all.")
    var selection: String

    @OptionGroup var lab: LabOptions
    @OptionGroup var run: RunFlags
    @OptionGroup var view: ViewFlags

    func run() async throws {
        let workspace = try lab.workspace()
        let file = try lab.labFile()
        // Wrong use is said here, before a run exists.
        _ = try LabGraph(LabSpecLoader.spec(path: file)).select(selection)
        try await RunWatcher(workspace: workspace, labFile: file, view: view).start(selection, run.options)
    }
}

/// How a run is carried out.
struct RunFlags: ParsableArguments {
    @Flag(help: "Unattended: reference solutions and scripts instead of your files and shells.")
    var auto = false

    @Flag(help: "Train on a slice, for a first look or an impatient afternoon.")
    var quick = false

    @Flag(help: "Do it again, even where it is done.")
    var force = false

    @Option(help: "auto, cpu or gpu.")
    var device: DeviceName = .auto

    @Option(help: "Rounds over the training set.")
    var epochs: Int?

    @Option(name: .customLong("set"), help: ArgumentHelp("Change a variable of the lab; may be repeated.", valueName: "name=value"))
    var set: [String] = []

    enum DeviceName: String, ExpressibleByArgument, CaseIterable {
        case auto
        case cpu
        case gpu
    }

    mutating func validate() throws {
        if let epochs, epochs < 1 { throw ValidationError("--epochs takes a number from 1 up.") }
        for pair in set where !pair.contains("=") || pair.hasPrefix("=") { throw ValidationError("--set takes name=value, not `\(pair)`.") }
    }

    var options: RunOptions {
        var options = RunOptions()
        options.auto = auto
        options.quick = quick
        options.force = force
        options.device = RunOptions.Device(rawValue: device.rawValue) ?? .auto
        for pair in set {
            let parts = pair.split(separator: "=", maxSplits: 1, omittingEmptySubsequences: false).map(String.init)
            options.set[parts[0]] = parts[1]
        }
        if let epochs { options.set["epochs"] = String(epochs) }
        options.terminal = Console.inputIsTerminal && Console.outputIsTerminal
        return options
    }
}

/// How a run is shown.
struct ViewFlags: ParsableArguments {
    @Flag(help: "Plain lines, also on a terminal: no status line, no colour.")
    var plain = false

    @Flag(help: "One JSON object an event on standard output, and nothing else.")
    var json = false

    mutating func validate() throws {
        if plain && json { throw ValidationError("--plain and --json exclude each other.") }
    }
}

/// The runner process; started by the program itself.
struct RunnerCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(commandName: RunLauncher.subcommand, shouldDisplay: false)

    @Argument var request: String

    func run() async throws {
        let code = try await RunnerProcess.main(requestPath: request, environment: Console.environment, version: programVersion)
        throw ExitCode(code)
    }
}
