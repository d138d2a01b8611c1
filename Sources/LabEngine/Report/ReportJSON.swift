import Diagnosis
import LabFile
import LabRunner
import LabSupport

/// A report as one JSON object, for programs that compare many reports. It has kinds and codes instead of sentences. docs/report.md
/// describes its fields.
package struct ReportJSON: Sendable {
    /// The version of the format. It's raised if a reader of the previous format would misunderstand.
    package static let schema = 1

    private let report: LabReport

    package init(_ report: LabReport) { self.report = report }

    /// The object on one line.
    package var text: String {
        JSONText.object([
            ("schema", .number(Double(Self.schema))), ("type", .text("report")), ("author", .text(report.author)),
            ("version", .text(report.version)), ("made", .number(report.made)),
            ("lab", lab), ("done", number(report.tally.done)), ("all", number(report.tally.all)), ("skipped", number(report.tally.skipped)),
            ("read", number(report.tally.read)), ("readings", number(report.tally.readings)), ("states", .object(states)),
            ("began", number(report.began)), ("ended", number(report.ended)),
            ("seconds", .number(rounded(report.seconds))), ("runAtWork", number(report.living)), ("accuracy", number(accuracy)),
            ("predictions", predictions), ("machine", machine), ("cautions", .list(report.cautions.map(caution))),
            ("tasks", .list(report.tasks.map(task))), ("runs", .list(report.runs.map(run))),
            ("besides", .list(report.deeds.map(deed))),
        ])
    }

    private var lab: JSONValue {
        .object([
            "id": .text(report.lab.id), "title": text(report.lab.title), "file": .text(report.lab.file), "sha256": text(report.lab.sha256),
            "digest": .text(report.lab.digest),
        ])
    }

    private var states: [String: JSONValue] {
        Dictionary(grouping: report.tasks, by: \.state.code).mapValues { .number(Double($0.count)) }
    }

    /// The accuracy of the last training that counts.
    private var accuracy: Double? { report.tasks.compactMap { $0.shown?.training.accuracy }.last }

    private var predictions: JSONValue {
        let all = report.tasks.flatMap { $0.shown?.predictions ?? [] }
        return .object(["all": .number(Double(all.count)), "right": .number(Double(all.count(where: \.right)))])
    }

    /// From the last run that recorded it.
    private var machine: JSONValue {
        let engine = report.runs.last { $0.engine != nil }?.engine
        let device = report.runs.last { $0.device != nil }?.device
        let peaks = report.runs.compactMap(\.peaks)
        return .object([
            "engine": engine.map { self.engine($0) } ?? .null, "device": text(device?.device),
            "processors": number(peaks.map(\.processors).max()), "memory": number(peaks.compactMap(\.memoryTotal).max()),
        ])
    }

    private func engine(_ engine: EngineConnected) -> JSONValue {
        .object([
            "kind": .text(engine.kind), "version": .text(engine.version), "api": .text(engine.apiVersion),
            "endpoint": .text(engine.endpoint), "private": .flag(engine.isPrivate),
        ])
    }

    private func caution(_ caution: LabReport.Caution) -> JSONValue {
        .object([
            "code": .text(caution.code), "tasks": .list(caution.tasks.map { .text($0.description) }),
            "runs": .list(caution.runs.map { .number(Double($0)) }), "details": .list(caution.details.map { .text($0) }),
        ])
    }

    // MARK: Sub-steps

    private func task(_ task: LabReport.SubStep) -> JSONValue {
        .object([
            "task": .text(task.id.description), "step": .number(Double(task.id.step)), "title": text(task.title),
            "state": .text(task.state.code), "homework": .flag(task.isHomework), "byHand": .flag(task.isByHand),
            "reference": .flag(task.usesReference), "ownFile": .flag(task.hasOwnFile), "standIns": .list(task.standIns.map { .text($0) }),
            "run": number(task.shown?.run ?? task.doneIn),
            "doneAt": number(task.doneAt),
            "seconds": number(task.shown?.seconds.map(rounded)), "counted": number(task.counted),
            "attempts": .list(task.attempts.map(attempt)), "checkedIn": number(task.checkedIn), "checks": .list(task.checks.map(check)),
        ])
    }

    private func attempt(_ attempt: LabReport.Attempt) -> JSONValue {
        .object([
            "run": .number(Double(attempt.run)), "began": .number(attempt.began), "seconds": number(attempt.seconds.map(rounded)),
            "outcome": .text(attempt.outcome.rawValue), "reset": .flag(attempt.isReset),
            "commands": .list(attempt.commands.map { .text($0) }), "fingerprint": .text(attempt.fingerprint),
            "created": .list(
                attempt.created.map { .object(["kind": .text($0.kind.rawValue), "name": .text($0.name), "id": text($0.id)]) }),
            "notices": .list(
                attempt.notices.map { .object(["code": .text($0.code), "level": .text($0.level.rawValue)]) }),
            "facts": .list(attempt.facts.map { .object(["name": .text($0.name), "text": .text($0.text.en)]) }),
            "sources": .list(
                attempt.sources.map {
                    .object(["what": .text($0.what), "source": .text($0.source), "standIn": .flag($0.standIn)])
                }),
            "failedSources": .list(
                attempt.failedSources.map {
                    .object(["what": .text($0.what), "source": .text($0.source), "code": .text($0.error.code.rawValue)])
                }),
            "captured": captured(attempt),
            "predictions": .list(attempt.predictions.map(prediction)), "training": training(attempt.training),
            "shell": .flag(attempt.hadShell), "tookOver": number(attempt.tookOver?.run), "error": error(attempt.error),
            "causes": .list(attempt.findings.map { .text($0.cause) }), "help": help(attempt.help),
        ])
    }

    private func captured(_ attempt: LabReport.Attempt) -> JSONValue {
        var values: [String: JSONValue] = [:]
        for captured in attempt.captured { values[captured.name] = .text(captured.value) }
        return .object(values)
    }

    private func check(_ check: CheckResult) -> JSONValue {
        .object([
            "kind": .text(check.kind), "standing": .text(check.standing.rawValue), "wanted": .text(check.wanted.en),
            "found": .text(check.found.en), "nearest": text(check.nearest?.en),
        ])
    }

    private func prediction(_ prediction: Prediction) -> JSONValue {
        .object([
            "model": .text(prediction.model), "picture": .text(prediction.picture),
            "expected": .list(prediction.expected.map { .text($0) }),
            "top": .list(
                prediction.top.map { .object(["label": .text($0.label), "probability": .number($0.probability)]) }),
            "right": .flag(prediction.right), "seconds": .number(rounded(prediction.seconds)),
        ])
    }

    private func training(_ training: LabReport.Training) -> JSONValue {
        guard !training.isEmpty else { return .null }
        let epochs = training.epochs.map { epoch -> JSONValue in
            .object([
                "epoch": .number(epoch.number), "last": .object(epoch.last.mapValues { .number($0) }),
                "mean": .object(epoch.mean.mapValues { .number(rounded($0)) }),
            ])
        }
        return .object(["accuracy": number(training.accuracy), "epochs": .list(epochs), "losses": .number(Double(training.losses.count))])
    }

    private func error(_ error: LabError?) -> JSONValue {
        guard let error else { return .null }
        return .object([
            "code": .text(error.code.rawValue), "errno": number(error.errno.map(Int.init)), "httpStatus": number(error.httpStatus),
            "exitCode": number(error.exitCode),
        ])
    }

    private func help(_ help: LabReport.Help?) -> JSONValue {
        guard let help else { return .null }
        var members: [String: JSONValue] = ["run": .number(Double(help.run))]
        switch help {
        case .cure(let cure, _):
            members["kind"] = .text("cure")
            members["cause"] = .text(cure.cause)
            members["details"] = .list(cure.commands.map { .text($0) })
        case .options(let options, _):
            members["kind"] = .text("options")
            members["details"] = .list(options.map { .text($0) })
        case .inputs: members["kind"] = .text("inputs")
        case .unrecorded: members["kind"] = .text("unrecorded")
        }
        return .object(members)
    }

    // MARK: Runs

    private func run(_ run: LabReport.Run) -> JSONValue {
        .object([
            "run": .number(Double(run.number)), "selection": .text(run.selection),
            "command": .text(run.command), "auto": .flag(run.options.auto), "quick": .flag(run.options.quick),
            "force": .flag(run.options.force), "device": .text(run.options.device.rawValue),
            "set": .object(run.options.set.mapValues { .text($0) }), "cured": text(run.options.cure?.cause), "version": .text(run.version),
            "labDigest": text(run.labDigest), "began": number(run.began), "ended": number(run.ended),
            "seconds": .number(rounded(run.seconds)),
            "outcome": .text(run.outcome.rawValue), "exitCode": number(run.exitCode.map(Int.init)),
            "engine": run.engine.map { engine($0) } ?? .null, "trainedOn": text(run.device?.device), "error": error(run.error),
            "causes": .list(run.findings.map { .text($0.cause) }), "notices": .list(run.notices.map { .text($0.code) }),
            "peaks": run.peaks.map(peaks) ?? .null, "unreadable": .number(Double(run.unreadable)), "missing": .number(Double(run.missing)),
        ])
    }

    private func deed(_ deed: LabReport.Deed) -> JSONValue {
        var members: [String: JSONValue] = ["time": .number(deed.time), "task": text(deed.task?.description)]
        switch deed.kind {
        case .skipped: members["kind"] = .text("skipped")
        case .unskipped: members["kind"] = .text("unskipped")
        case .reset(let removed):
            members["kind"] = .text("reset")
            members["removed"] = .list(removed.map { .text($0) })
        case .looked(let verdict):
            members["kind"] = .text("looked")
            members["verdict"] = .text(verdict.rawValue)
        case .edited(let path):
            members["kind"] = .text("edited")
            members["path"] = .text(path)
        }
        return .object(members)
    }

    private func peaks(_ peaks: LabReport.Peaks) -> JSONValue {
        .object([
            "samples": .number(Double(peaks.samples)), "cpu": number(peaks.cpu.map(rounded)), "memory": number(peaks.memory),
            "gpuBusy": number(peaks.gpuBusy), "gpuMemory": number(peaks.gpuMemory), "gpuPower": number(peaks.gpuPower),
            "containers": .list(
                peaks.containers.map {
                    .object([
                        "name": .text($0.name), "task": text($0.task?.description), "cpu": number($0.cpu.map(rounded)),
                        "memory": number($0.memory),
                    ])
                }),
        ])
    }

    // MARK: Values

    private func number(_ value: Double?) -> JSONValue { value.map { .number($0) } ?? .null }
    private func number(_ value: Int?) -> JSONValue { value.map { .number(Double($0)) } ?? .null }
    private func text(_ text: String?) -> JSONValue { text.map { .text($0) } ?? .null }
    private func text(_ text: Text) -> JSONValue { .object(["en": .text(text.en), "zh": .text(text.zh)]) }

    /// Rounded to a thousandth.
    private func rounded(_ value: Double) -> Double { (value * 1000).rounded() / 1000 }
}
