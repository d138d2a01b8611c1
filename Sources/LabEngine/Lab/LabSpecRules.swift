import LabSupport

/// The rules that compare different parts of a lab: names must exist, tasks must be in a sensible order, and files must be there.
struct LabSpecRules {
    let spec: LabSpec
    let source: LabSource
    let prose: [LabProse.File]
    let reporter: LabReporter
    /// False if a part of the file couldn't be read. Then it's unknown what that part makes or uses, and nothing is reported about it.
    let readable: Bool
    /// False if regular expressions, and values that must match one, aren't checked.
    var compilesPatterns = true
    /// Fills names in with their default values.
    let template: Template
    let graph: LabGraph

    init(_ spec: LabSpec, source: LabSource, prose: [LabProse.File], reporter: LabReporter, readable: Bool) {
        self.spec = spec
        self.source = source
        self.prose = prose
        self.reporter = reporter
        self.readable = readable
        template = Template(Self.defaults(spec))
        graph = LabGraph(spec)
    }

    /// Applies all rules. A wrong name would also make its declaration look unused, so some rules run only if all names are correct.
    func check() {
        let before = reporter.errors
        checkCharacters()
        checkTaskIDs()
        checkNeeds()
        checkUntil()
        checkUses()
        checkVariables()
        checkTemplates()
        if readable, reporter.errors == before {
            checkMakers()
            checkUnused()
        }
        if readable { checkChecks() }
        checkServers()
        checkFiles()
        checkValues()
        checkSources()
        checkLearning()
    }

    /// All tasks with their places.
    var tasks: [(task: LabTask, path: LabPath)] {
        spec.steps.enumerated().flatMap { number, step in
            step.tasks.enumerated().map { ($1, LabPath()["steps"][number]["tasks"][$0]) }
        }
    }

    /// Everything that the tasks rely on.
    var uses: [LabUse] { tasks.flatMap { $0.task.uses(at: $0.path) } }

    func report(
        _ message: Text, at path: LabPath, suggestion: String? = nil, severity: LabDiagnostic.Severity = .error
    ) {
        reporter.report(message, at: source.position(path), suggestion: suggestion, severity: severity)
    }

    /// The text as a run would use it. Nil if it contains a wrong name, which is reported elsewhere.
    func filled(_ text: String) -> String? {
        guard !text.isEmpty else { return nil }
        return try? template.fill(text)
    }

    private static func defaults(_ spec: LabSpec) -> [String: String] {
        var values = ["user": "student", "workspace": "/workspace", "lab": spec.directory, "device": "cpu", "run": "1"]
        for variable in spec.variables { values[variable.name] = try? Template(values).fill(variable.value) }
        return values
    }
}
