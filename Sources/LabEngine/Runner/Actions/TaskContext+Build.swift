import ContainerEngine
import HostFacts
package import LabFile
package import LabSupport

extension TaskContext {
    /// Builds an image from the student's Dockerfile or the reference solution.
    func build(_ action: LabBuildAction) async throws {
        let recipe = try BuildRecipe(action, run)
        if recipe.isReference {
            notice(
                "build.reference",
                Text(en: "Building the lab's reference \(action.dockerfile).", zh: "使用实验自带的参考文件 \(action.dockerfile) 构建。"))
        } else {
            notice("build.student", Text(en: "Building your own \(recipe.shownPath).", zh: "使用你自己的 \(recipe.shownPath) 构建。"))
        }
        var arguments: [String: String] = [:]
        for (name, value) in action.arguments { arguments[name] = try await run.reference(value) }
        arguments.merge(run.network.proxyVariables) { own, _ in own }
        let context = try BuildContext(
            directory: run.labPath(action.context), dockerfile: BuildRecipe.name, extra: [BuildRecipe.name: recipe.dockerfile])
        let image = try await run.workspaceImage(of: action)
        let options = BuildOptions(
            tags: [image.ownTag], dockerfile: BuildRecipe.name, arguments: arguments, labels: labels(image: image.tag))
        try await build(image, options, context: context.archive().body)
    }

    /// Reads a build to its end: steps become progress, words become output.
    func follow(_ events: EventStream<BuildInterpreter>, image: String) async throws {
        var pull = PullProgress()
        for try await event in events {
            switch event {
            case .step(let index, let count, let instruction):
                say("Step \(index)/\(count) : \(SafeLines.clean(text: instruction))")
                let line = SafeLines.clean(text: instruction).split(separator: "\n").first.map(String.init) ?? ""
                progress(Text(verbatim: String(line.prefix(60))), Double(index), of: Double(count), .steps)
            case .cached: say(" ---> Using cache")
            case .output(let channel, let text): output(Array(text.utf8), channel == .stderr ? .stderr : .stdout)
            case .pull(let event): report(event, &pull)
            case .image(let id): created(.image, image, id: id)
            case .notice(let text): say(text)
            }
        }
    }

    /// Turns a pull's events into one bar.
    func report(_ event: PullEvent, _ progress: inout PullProgress) {
        progress.take(event)
        switch event {
        case .layer(let id, let phase, _, _):
            if phase.isFinal { say("\(id): \(phase.rawValue)") }
            self.progress(
                Text(en: "Layers \(progress.finished)/\(progress.layers.count)", zh: "层 \(progress.finished)/\(progress.layers.count)"),
                Double(progress.downloaded), of: progress.total > 0 ? Double(progress.total) : nil, .bytes)
        case .digest(let digest): say("Digest: \(digest)")
        case .message(let text): say(text)
        }
    }
}

/// The Dockerfile that a build uses, and whose it is.
package struct BuildRecipe: Sendable, Equatable {
    /// Its name within the context; not `Dockerfile`, so that a file of that name in the folder stays what it is.
    package static let name = ".ailab.Dockerfile"

    package var dockerfile: [UInt8]
    package var isReference: Bool
    /// Where the student finds it.
    package var shownPath: String

    /// The student's own copy if there is one that differs from its template; the reference solution else, and when unattended.
    package init(_ action: LabBuildAction, _ run: RunContext) throws(LabError) {
        if !run.options.auto, let student = action.student, Files.exists(run.workPath(student)) {
            shownPath = run.workPath(student)
            dockerfile = try Files.read(shownPath)
            isReference = false
        } else {
            shownPath = run.labPath(action.dockerfile)
            dockerfile = try Files.read(shownPath)
            isReference = true
        }
    }
}
