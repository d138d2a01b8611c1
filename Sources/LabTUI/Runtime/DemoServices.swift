import LabEngine
import LabFile
package import LabRunner
package import LabSupport
import Telemetry

/// The services of a demo: they play a recorded run at a chosen speed. They start nothing, ask nothing and write nothing.
package struct DemoServices: Sendable {
    private let labFile: String
    /// The folder of the recording.
    package let recording: RunFolder
    private let events: [Event]
    private let speed: Double
    private let begun = ContinuousClock.now

    /// `speed` is how many seconds of the recording to play in one second. Throws if the lab has no recording.
    package init(labFile: String, speed: Double) throws {
        let lab = try LabSpecLoader.spec(path: labFile)
        self.labFile = labFile
        self.speed = speed
        recording = RunFolder(path: "\(lab.directory)/demo", number: 1)
        events = JournalReader.events(of: recording)
        guard !events.isEmpty else {
            throw LabError(
                .usageDemo, Text(en: "This lab has no demo recording.", zh: "这个实验没有可供演示的录像。"),
                hint: Text(en: "Run `ailab` without --demo to start the lab.", zh: "去掉 --demo 直接运行 `ailab` 即可开始实验。"),
                cause: recording.journal)
        }
    }

    /// The time at which the recording began.
    package var start: Double { events.first?.time ?? 0 }

    /// The current time in the recording.
    private var now: Double {
        let elapsed = ContinuousClock.now - begun
        return start + (Double(elapsed.components.seconds) + Double(elapsed.components.attoseconds) / 1e18) * speed
    }

    /// Performs one effect.
    package func perform(_ effect: AppEffect, _ send: Services.Send) async {
        switch effect {
        case .loadLab: load(send)
        case .watchWorkspace: await tell(send)
        case .watchEngine:
            for case .engineConnected(let engine) in events.map(\.payload) { send(.engine(.reachable(engine))) }
        case .readOutput(let request):
            let bytes = request.pieces.map { Output(stream: $0.stream, offset: $0.offset, length: $0.length).bytes(in: recording) }
            send(.outputRead(OutputAnswer(request: request, bytes: bytes)))
        case .readFile(let file): send(.fileRead(path: file.shown, content: file.content))
        case .readPicture(let file): send(.pictureRead(path: file.shown, file.picture))
        case .startClock:
            while !Task.isCancelled {
                send(.ticked(now))
                try? await Task.sleep(for: .seconds(max(0.1, 1 / speed)), tolerance: .milliseconds(50))
            }
        case .readGlossary: send(.glossaryRead(try? LabSpecLoader.spec(path: labFile).readGlossary()))
        case .readCommandWords: send(.commandWordsRead(try? LabSpecLoader.spec(path: labFile).readCommands()))
        // A demo has no student.
        case .watchFiles, .findCleanable, .answer, .openHint, .findPaths, .settleBox: break
        case .launch, .cancelRun, .look, .saveOutput, .findRemovable, .reset, .skip, .doctor, .cure, .report, .weighSettings, .saveSettings,
            .savePreferences, .predict:
            send(.failed(Self.refusal))
        case .startTelemetry: await measure(send)
        case .readHost, .prepare, .diagnose, .stopClock, .stopTelemetry, .terminal, .quit: break
        }
    }

    /// The error for everything that a demo doesn't do.
    package static var refusal: LabError { LabError(.demoOnly, Text.demoOnly) }

    /// Sends the lab with its variables filled in as in the recording, and the recorded commands.
    private func load(_ send: Services.Send) {
        do {
            let read = try LabSpecLoader.spec(path: labFile)
            let home = "/home/student/.local/state/ailab/work/\(read.id)"
            let builtIns = Template.samples(lab: read.directory, workspace: home, run: "demo")
            let values = try LabVariables.resolve(spec: read, set: [:], quick: false, builtIns: builtIns)
            let spec = try read.filled(by: Template(values))
            send(.labLoaded(spec, files: home))
            var commands: [TaskID: [String]] = [:]
            for event in events {
                if case .taskStarted(let start) = event.payload, let task = event.task { commands[task] = start.commands }
            }
            send(.prepared(spec, commands: commands))
        } catch {
            send(.labFailed(LabError(describing: error)))
        }
    }

    /// Sends the recorded samples: first all until now, and then each at its time.
    private func measure(_ send: Services.Send) async {
        var rest = ((try? TelemetryRecord.samples(recording.telemetry)) ?? [])[...]
        while let next = rest.first, !Task.isCancelled {
            let wait = (next.time - now) / speed
            if wait > 0 { try? await Task.sleep(for: .seconds(wait), tolerance: .milliseconds(20)) }
            let due = rest.prefix { $0.time <= now }
            rest = rest.dropFirst(due.count)
            if !due.isEmpty { send(.telemetry(Array(due))) }
        }
    }

    private func tell(_ send: Services.Send) async {
        send(.historyRead)
        send(.said(Text.demoBegins))
        var rest = events[...]
        while let next = rest.first, !Task.isCancelled {
            let wait = (next.time - now) / speed
            if wait > 0 { try? await Task.sleep(for: .seconds(wait)) }
            let due = rest.prefix { $0.time <= now }
            rest = rest.dropFirst(due.count)
            if !due.isEmpty { send(.journal(run: recording.number, Array(due))) }
        }
        if !Task.isCancelled { send(.demoEnded) }
    }
}
