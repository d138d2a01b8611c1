import LabSupport

/// The rules that compare different parts of a lab: names must exist, tasks must be in a sensible order, and files must be there.
struct LabSpecRules {
    let spec: LabSpec
    let source: LabSource
    let prose: [LabProse.File]
    let reporter: LabReporter
    /// False if a part of the file couldn't be read. Then it's unknown what that part makes or uses, and nothing is reported about it.
    let readable: Bool
    /// False if regular expressions, values that must match one, and whatever deserves only a warning aren't checked.
    var isThorough = true
    /// Fills names in with their default values.
    let template: Template
    let graph: LabGraph
    /// All tasks with their places.
    let tasks: [(task: LabTask, path: LabPath)]
    /// Everything that the tasks and the deployment rely on.
    let uses: [LabUse]

    init(_ spec: LabSpec, source: LabSource, prose: [LabProse.File], reporter: LabReporter, readable: Bool) {
        self.spec = spec
        self.source = source
        self.prose = prose
        self.reporter = reporter
        self.readable = readable
        template = Template(Self.defaults(spec))
        graph = LabGraph(spec)
        tasks = spec.steps.enumerated().flatMap { number, step in
            let path = LabPath()["steps"][number]["tasks"]
            return step.tasks.enumerated().map { ($1, path[$0]) }
        }
        uses = tasks.flatMap { $0.task.uses(at: $0.path) } + (spec.deployment?.uses(at: LabPath()["deploy"]) ?? [])
    }

    /// Applies all rules. A wrong name would also make its declaration look unused, so some rules run only if all names are correct.
    func check() {
        let before = reporter.errors
        if isThorough { checkCharacters() }
        checkTaskIDs()
        checkNeeds()
        checkUntil()
        checkUses()
        checkVariables()
        checkTemplates()
        if readable, reporter.errors == before {
            checkMakers()
            checkSchedulers()
            if isThorough { checkUnused() }
        }
        if readable, isThorough { checkChecks() }
        checkServers()
        checkDeployment()
        checkFiles()
        checkValues()
        checkSources()
        checkLearning()
    }

    func report(
        _ message: Text, at path: LabPath, suggestion: String? = nil, severity: LabDiagnostic.Severity = .error
    ) {
        guard reporter.takes(severity) else { return }
        reporter.report(message, at: source.position(path), suggestion: suggestion, severity: severity)
    }

    /// The text as a run would use it. Nil if it contains a wrong name, which is reported elsewhere.
    func filled(_ text: String) -> String? {
        guard !text.isEmpty else { return nil }
        return try? template.fill(text)
    }

    /// What keeps the names in a text from being filled in.
    func fault(_ text: String) -> TemplateError? {
        do throws(TemplateError) {
            _ = try template.fill(text)
            return nil
        } catch {
            return error
        }
    }

    private static func defaults(_ spec: LabSpec) -> [String: String] {
        var values = Template.samples(lab: spec.directory)
        for variable in spec.variables { values[variable.name] = try? Template(values).fill(variable.value) }
        return values
    }
}
