package import ContainerEngine
import Diagnosis
package import DockerfileCheck
package import LabFile
import LabSupport

/// The check of a Dockerfile that a lab builds: what it is checked against, from the lab file and its folder.
package struct DockerfileExam: Sendable {
    package let setting: DockerfileSetting

    /// `spec` has its variables filled in. `builder`: what will build it, if it is known.
    package init(_ build: LabBuildAction, in spec: LabSpec, builder: ImageBuilder? = nil) {
        let folder = PathBelow(build.context, in: spec.directory)
        setting = DockerfileSetting(
            builder: Self.builder(builder), release: builder?.release, context: Self.context(folder, name: build.context),
            arguments: build.arguments.mapValues { value in
                LabImage.name(in: value) == nil ? value : spec.namedImage(value)?.original
            },
            images: Set(build.arguments.filter { LabImage.name(in: $0.value) != nil }.keys),
            wants: build.student.flatMap { spec.fileAction(of: $0) }?.wants ?? [],
            errata: spec.tasks.flatMap(\.errata).compactMap { erratum in
                erratum.sign.map {
                    DockerfileErratum(
                        printed: erratum.printed, why: erratum.why, instead: erratum.instead, instructions: $0.instructions,
                        pattern: $0.pattern, isFatal: $0.isFatal)
                }
            })
    }

    /// The same for what the student writes; nil if no build uses the file.
    package init?(_ file: LabFileAction, in spec: LabSpec, builder: ImageBuilder? = nil) {
        guard let build = spec.buildAction(of: file.path) else { return nil }
        self.init(build, in: spec, builder: builder)
    }

    package func review(_ bytes: [UInt8]) -> DockerfileReview { DockerfileReview(bytes, setting) }

    private static func builder(_ builder: ImageBuilder?) -> DockerfileBuilder {
        switch builder?.kind {
        case .classic?: .classic
        case .buildKit?: .buildKit
        case .buildah?: .buildah
        case nil: .unknown
        }
    }

    private static func context(_ folder: PathBelow, name: String) -> DockerfileContext? {
        guard let context = try? BuildContext(folder, dockerfile: BuildRecipe.name) else { return nil }
        let sent = Set(context.entries.map { String(decoding: $0.name, as: UTF8.self) })
        let all = context.ignored > 0 ? (try? folder.tree()) ?? [] : []
        let ignored = Set(all.map { String($0.path.dropFirst(folder.path.isEmpty ? 0 : folder.path.count + 1)) }).subtracting(sent)
        return DockerfileContext(folder: name, paths: sent, ignored: ignored)
    }
}

extension LabImage {
    /// The image that its first source pulls.
    fileprivate var original: String? {
        sources.firstNonNil { if case .pull(let reference) = $0 { reference } else { nil } }
    }
}

/// Thrown by an action whose Dockerfile is at fault. The check of the file knows the cause, so no output is read for it.
struct DockerfileFault: ActionVerdict {
    var reason: LabError
    var findings: [Finding]

    /// The file has errors, and nothing was built. `path`: where the file is.
    init(refused review: DockerfileReview, path: String, hint: Text?) {
        reason = review.reason(path, hint: hint)
        findings = review.shown(review.errors, path)
    }

    /// The build failed at an instruction. Nil if nothing in the file explains it.
    init?(_ failure: LabError, at instruction: DockerfileInstruction, _ review: DockerfileReview, output: String, path: String) {
        let causes = review.causes(of: instruction, output: output)
        // An engine that went away, a full disk or a killed build has another cause.
        let isAbsence =
            ["image", "registry"].contains(failure.family) || failure.code == .buildFailed && failure.exitCode.map { $0 < 128 } ?? true
        guard !causes.isEmpty, isAbsence else { return nil }
        reason = failure
        findings = review.shown(causes, path)
    }
}

extension DockerfileReview {
    /// The maximum number of findings that a failure leaves in the journal.
    private static let findingLimit = 12
    /// Codes of errors that the ticks say already.
    private static let ticked: Set = ["want-missing", "todo-left"]

    /// What is wrong with the file, in one sentence.
    func reason(_ path: String, hint: Text?) -> LabError {
        let name = Files.name(of: path)
        // A missing part has no line of its own.
        let mistakes = errors.filter { $0.code != "want-missing" }
        if mistakes.isEmpty, let want = ticks.first(where: { !$0.isMet && !$0.want.isOptional })?.want.text {
            return LabError(
                .dockerfileErrors,
                Text(en: "\(name) still lacks: \(want.en). Nothing was built.", zh: "\(name) 还缺少：\(want.zh)。没有开始构建。"), hint: hint)
        }
        let lines = Set(mistakes.map(\.place.line)).sorted()
        let shown = lines.prefix(8).map(String.init).joined(separator: ", ") + (lines.count > 8 ? " …" : "")
        return LabError(
            .dockerfileErrors,
            Text(
                en: mistakes.count == 1
                    ? "\(name) has an error in line \(shown). Nothing was built."
                    : "\(name) has \(mistakes.count) errors, in line\(lines.count == 1 ? "" : "s") \(shown). Nothing was built.",
                zh: "\(name) 有 \(mistakes.count) 处错误，位于第 \(shown) 行。没有开始构建。"),
            hint: hint)
    }

    /// Errors and warnings as findings. `besideTicks`: the wants are shown as well, so one that isn't met needs no finding.
    func shown(_ faults: [DockerfileFinding], _ path: String, besideTicks: Bool = false) -> [Finding] {
        let name = Files.name(of: path)
        return faults.filter { !besideTicks || !Self.ticked.contains($0.code) }.prefix(Self.findingLimit).map { error in
            Finding(
                cause: "dockerfile-\(error.code)",
                title: Text(
                    en: "\(name), line \(error.place.line), column \(error.place.column): \(error.message.en)",
                    zh: "\(name) 第 \(error.place.line) 行第 \(error.place.column) 列：\(error.message.zh)"),
                why: error.why,
                evidence: Finding.Evidence(line: error.place.line, text: SafeLines.clean(text: error.printed)),
                // The answer to a want is for the student to find, with hints.
                remedies: Self.ticked.contains(error.code)
                    ? []
                    : [Remedy(Text(en: "Instead: \(error.instead.en)", zh: "改为：\(error.instead.zh)"), place: .file)])
        }
    }

    /// What the ticks don't say already. The answer to a want isn't among it.
    package var besideTicks: [DockerfileFinding] { ticks.isEmpty ? findings : findings.filter { !Self.ticked.contains($0.code) } }

    /// What the lab wants of the file as results of checks. The answer isn't among them: it's for the student to find, with hints.
    var wants: [CheckResult] {
        ticks.map { tick in
            let isPassed = tick.isMet || tick.want.isOptional
            return CheckResult(
                kind: "dockerfile.want", standing: isPassed ? .passed : .failed, wanted: tick.want.text,
                found: tick.isMet
                    ? Text(en: "written", zh: "已写好")
                    : tick.isMarred
                        ? Text(en: "written, but the instruction has a mistake", zh: "已写，但该指令有错误")
                        : tick.want.isOptional
                            ? Text(en: "not written, but optional", zh: "未写，但不是必需") : Text(en: "not written yet", zh: "还没有写"))
        }
    }

    /// The same as results of checks: a line for each want, one for each error, and the warnings.
    var results: [CheckResult] {
        let mistakes = errors.filter { ticks.isEmpty || !Self.ticked.contains($0.code) }.map { error in
            CheckResult(
                kind: "dockerfile.\(error.code)", standing: .failed,
                wanted: Text(en: "line \(error.place.line) without a mistake", zh: "第 \(error.place.line) 行没有错误"), found: error.message,
                advice: error.why.followed(by: Text(en: "Instead: \(error.instead.en)", zh: "改为：\(error.instead.zh)")))
        }
        let others = warnings.filter { !Self.ticked.contains($0.code) }.map { warning in
            CheckResult(
                kind: "dockerfile.\(warning.code)", standing: .passed, wanted: warning.line,
                found: Text(en: "warning: \(warning.message.en)", zh: "警告：\(warning.message.zh)"))
        }
        let clean = CheckResult(
            kind: "dockerfile", standing: .passed, wanted: Text(en: "a Dockerfile without errors", zh: "没有错误的 Dockerfile"),
            found: Text(en: "\(file.instructions.count) instructions", zh: "\(file.instructions.count) 条指令"))
        return wants + mistakes + (errors.isEmpty ? [clean] : []) + others
    }

    /// The warnings as notices of a run.
    func notices(_ path: String) -> [Notice] {
        let name = Files.name(of: path)
        return warnings.map { warning in
            Notice(
                level: .warning, code: "dockerfile.\(warning.code)",
                text: Text(
                    en: "\(name), line \(warning.place.line): \(warning.message.en) \(warning.why.en) Instead: \(warning.instead.en)",
                    zh: "\(name) 第 \(warning.place.line) 行：\(warning.message.zh)\(warning.why.zh)改为：\(warning.instead.zh)"))
        }
    }
}
