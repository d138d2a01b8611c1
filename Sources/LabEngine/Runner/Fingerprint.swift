import HostFacts
package import LabFile
import LabSupport

/// Hashes of what a task's result depends on: a task whose fingerprint is that of its last success need not be done again.
///
/// A success counts also where its run was asked for other values of the variables, as long as this run does not ask for different
/// ones: after a training of five epochs, `step 4` serves that model, and `--quick` is content with a full training. The reverse is
/// not true: what was done quickly does not do for a run that is not quick.
package struct Fingerprints: Sendable {
    private let run: RunContext
    private let graph: LabGraph
    private let successes: [TaskID: TaskRecord.Success]
    /// Of tasks that were looked at or begun in this run, the latest.
    private var standing: [TaskID: String] = [:]

    package init(_ run: RunContext, progress: LabProgress) {
        self.run = run
        graph = LabGraph(run.spec)
        successes = progress.successes
    }

    /// What the task's last success must carry to count: the fingerprint of that success itself where it does.
    package mutating func of(_ id: TaskID) -> String {
        if let known = standing[id] { return known }
        return look(id)
    }

    /// The same, judged anew: what the task needs may have been done again since.
    mutating func look(_ id: TaskID) -> String {
        let needs = needs(of: id).map { ($0, of($0)) }
        var value = hash(run.spec.task(id), needs)
        if let success = successes[id], success.fingerprint != value, let other = variant(success),
            hash(other.task(id), needs) == success.fingerprint
        {
            value = success.fingerprint
        }
        standing[id] = value
        return value
    }

    /// What the task's result will carry that is carried out now.
    mutating func act(_ id: TaskID) -> String {
        let value = hash(run.spec.task(id), needs(of: id).map { ($0, of($0)) })
        standing[id] = value
        return value
    }

    private func needs(of id: TaskID) -> [TaskID] {
        graph.needs(of: id).filter { run.spec.task($0)?.action.hasResult == true }
    }

    /// The lab as the run of a success saw it, under what this run asks for.
    private func variant(_ success: TaskRecord.Success) -> LabSpec? {
        let set = success.options.set.merging(run.options.set) { _, own in own }
        return run.variant?(set, success.options.quick && run.options.quick)
    }

    private func hash(_ task: LabTask?, _ needs: [(id: TaskID, fingerprint: String)]) -> String {
        guard let task else { return "" }
        var text = Canonical.text(task.action)
        for file in files(of: task.action) { text += "\n\(file.name) \(file.hash)" }
        for need in needs { text += "\n\(need.id) \(need.fingerprint)" }
        return String(SHA256.hex(of: text.utf8).prefix(24))
    }

    private func files(of action: LabAction) -> [(name: String, hash: String)] {
        switch action {
        case .build(let build):
            let recipe = (try? BuildRecipe(build, run))?.dockerfile ?? []
            return tree(build.context) + [("Dockerfile", SHA256.hex(of: recipe))]
        case .image(let name):
            guard let image = run.spec.image(name) else { return [] }
            let sources = [("sources", SHA256.hex(of: Canonical.text(image.sources).utf8))]
            guard image.adapted else { return sources }
            let overlay = BaseOverlay(base: image.tag, debianSuite: image.debianSuite, network: run.network)
            return sources + [("overlay", overlay?.digest ?? "none")]
        case .run(let container): return mounted(container)
        case .serve(let serve): return mounted(serve.container)
        case .shell(let shell): return mounted(shell.container)
        case .compare(let container): return mounted(container)
        case .predict(let predict): return predict.cases.map { ($0.picture, hash(run.labPath($0.picture))) }
        default: return []
        }
    }

    private func mounted(_ container: LabContainer) -> [(name: String, hash: String)] {
        container.mounts.flatMap { mount -> [(name: String, hash: String)] in
            if case .lab(let path) = mount.source { tree(path) } else { [] }
        }
    }

    private func tree(_ path: String) -> [(name: String, hash: String)] {
        let root = run.labPath(path)
        // What the interpreter leaves beside a script is no part of it.
        return Files.tree(root).filter { !$0.contains("__pycache__") }.map { ("\(path)/\($0)", hash("\(root)/\($0)")) }
    }

    private func hash(_ path: String) -> String { (try? SHA256.hex(ofFile: path)) ?? "missing" }
}

extension LabAction {
    /// False for tasks that only look, or that leave what they made to the student.
    package var hasResult: Bool {
        switch self {
        case .read, .facts, .containers, .file: false
        default: true
        }
    }
}

/// A text of any value that is the same in every process: dictionaries, whose order changes from one to the next, are sorted.
enum Canonical {
    static func text(_ value: Any) -> String {
        let mirror = Mirror(reflecting: value)
        switch mirror.displayStyle {
        case .dictionary?:
            let pairs = mirror.children.map { pair in
                Mirror(reflecting: pair.value).children.map { text($0.value) }.joined(separator: ":")
            }
            return "{\(pairs.sorted().joined(separator: ","))}"
        case .optional?: return mirror.children.first.map { text($0.value) } ?? "-"
        case .collection?: return "[\(mirror.children.map { text($0.value) }.joined(separator: ","))]"
        case .set?: return "{\(mirror.children.map { text($0.value) }.sorted().joined(separator: ","))}"
        // Quoted, or two strings would read like one with a comma in it.
        case nil: return (value as? String).map { JSONText.array([$0]) } ?? "\(value)"
        default:
            if mirror.children.isEmpty { return "\(value)" }
            return "(\(mirror.children.map { "\($0.label ?? "")=\(text($0.value))" }.joined(separator: ",")))"
        }
    }
}
