import LabSupport

/// The rules about a lab that no single value can break: names that must exist somewhere, tasks in a sensible order, files that are there.
struct LabSpecRules {
    let spec: LabSpec
    let source: LabSource
    let prose: [LabProse.File]
    let reporter: LabReporter
    /// False where a part of the file could not be read: then nothing is said about what that part may have made or used.
    let readable: Bool
    /// Fills names with the values that they have when nothing is set.
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

    /// Applies all rules. A wrong name would make its maker look idle and its users look lost, so those rules wait until names are right.
    func check() {
        let before = reporter.errors
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
    }

    /// All tasks with their places.
    var tasks: [(task: LabTask, path: LabPath)] {
        spec.steps.enumerated().flatMap { number, step in
            step.tasks.enumerated().map { ($1, LabPath()["steps"][number]["tasks"][$0]) }
        }
    }

    /// All that tasks rely on.
    var uses: [LabUse] { tasks.flatMap { $0.task.uses(at: $0.path) } }

    func report(
        _ message: Text, at path: LabPath, suggestion: String? = nil, severity: LabDiagnostic.Severity = .error
    ) {
        reporter.report(message, at: source.position(path), suggestion: suggestion, severity: severity)
    }

    /// The text as a run would see it, or nil where a name in it is wrong, which is reported elsewhere.
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
