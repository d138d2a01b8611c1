import LabFile
import LabRunner

/// Reads the output of the selected task piece by piece. There is only one request at a time: if there's a lot of output, the pieces are
/// large, and a little output arrives at once.
package enum LogUpdate {
    /// Starts to show the output of the selected task.
    package static func open(_ model: inout AppModel) -> [AppEffect] {
        model.walkthrough.log = LogBuffer()
        model.walkthrough.logView.follows = true
        model.walkthrough.logView.filter.restart()
        model.walkthrough.logView.match = nil
        model.walkthrough.logView.left = 0
        model.walkthrough.logSource = LogSource()
        model.walkthrough.logSource.task = model.walkthrough.selected
        return pull(&model)
    }

    /// Requests output that exists and hasn't been read.
    package static func pull(_ model: inout AppModel) -> [AppEffect] {
        guard let task = model.walkthrough.logSource.task, let record = model.lab.progress.records[task] else { return [] }
        if model.walkthrough.logSource.run != record.run {
            if model.walkthrough.logSource.run != 0 {
                model.walkthrough.logSource = LogSource()
                return openAgain(task, record, &model)
            }
            model.walkthrough.logSource.run = record.run
        }
        guard !model.walkthrough.logSource.isReading else { return [] }
        let next = model.walkthrough.logSource.next(record, task)
        model.walkthrough.log.skipped += next.skipped
        guard let request = next.request else { return [] }
        model.walkthrough.logSource.isReading = true
        return [.readOutput(request)]
    }

    private static func openAgain(_ task: TaskID, _ record: TaskRecord, _ model: inout AppModel) -> [AppEffect] {
        let effects = open(&model)
        model.walkthrough.logSource.run = record.run
        return effects
    }

    /// Takes the answer, and requests more.
    package static func read(_ answer: OutputAnswer, _ model: inout AppModel) -> [AppEffect] {
        let source = model.walkthrough.logSource
        guard source.task == answer.request.task, source.run == answer.request.run,
            let record = model.lab.progress.records[answer.request.task]
        else { return [] }
        model.walkthrough.logSource.isReading = false
        for (piece, bytes) in zip(answer.request.pieces, answer.bytes) {
            model.walkthrough.log.take(bytes[...], piece.stream, time: piece.time)
        }
        model.walkthrough.logView.filter.take(model.walkthrough.log)
        model.walkthrough.logSource.advance(answer, record)
        let isEmpty = answer.bytes.allSatisfy(\.isEmpty)
        return isEmpty ? [] : pull(&model)
    }
}
