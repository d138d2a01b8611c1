/// Hashes of what a task's result depends on: a task whose fingerprint is that of its last success need not be done again.
package struct Fingerprints: Sendable {
    private let run: RunContext
    private let graph: LabGraph
    private var known: [TaskID: String] = [:]

    package init(_ run: RunContext) {
        self.run = run
        graph = LabGraph(run.spec)
    }

    /// The fingerprint of a task: its action, the files that go into it, and the fingerprints of what it needs.
    package mutating func of(_ id: TaskID) -> String {
        if let value = known[id] { return value }
        guard let task = run.spec.task(id) else { return "" }
        var text = Canonical.text(task.action)
        for file in files(of: task.action) { text += "\n\(file.name) \(file.hash)" }
        for need in graph.needs(of: id) where run.spec.task(need)?.action.hasResult == true { text += "\n\(need) \(of(need))" }
        let value = String(SHA256.hex(of: text.utf8).prefix(24))
        known[id] = value
        return value
    }

    private func files(of action: LabAction) -> [(name: String, hash: String)] {
        switch action {
        case .build(let build):
            let recipe = (try? BuildRecipe(build, run))?.dockerfile ?? []
            return tree(build.context) + [("Dockerfile", SHA256.hex(of: recipe))]
        case .image(let name):
            guard let image = run.spec.image(name), image.adapted else { return [] }
            return [("overlay", BaseOverlay(base: image.tag, debianSuite: nil, network: run.network)?.digest ?? "none")]
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
    var hasResult: Bool {
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
        case nil: return "\(value)"
        default:
            if mirror.children.isEmpty { return "\(value)" }
            return "(\(mirror.children.map { "\($0.label ?? "")=\(text($0.value))" }.joined(separator: ",")))"
        }
    }
}
