package import DockerfileCheck
package import LabFile
package import LabRunner
import LabSupport

/// A file that the student writes, as it is now, with what the check says about it.
package struct ExaminedFile: Sendable, Equatable {
    /// The path in the student's folder. It's also the name that the lab gives the file.
    package let path: String
    package let state: StudentFile.State
    /// Without control characters. Empty if there is no file.
    package let lines: [String]
    /// Nil if there is no file, or if no build uses it.
    package let review: DockerfileReview?
    /// When it was last saved, in seconds since 1970. Nil if there is no file.
    package let modified: Double?

    /// Reads the file and checks it. A file that can't be read counts as missing.
    package init(_ action: LabFileAction, _ run: RunContext) {
        guard let file = try? StudentFile(action, run), file.state != .missing else {
            self.init(action.path, .missing, bytes: [], review: nil, modified: nil)
            return
        }
        let review = DockerfileExam(action, in: run.spec, builder: run.builder)?.review(file.bytes)
        self.init(action.path, file.state, bytes: file.bytes, review: review, modified: FileStamp(run.workFile(action.path))?.modified)
    }

    package init(_ path: String, _ state: StudentFile.State, bytes: [UInt8], review: DockerfileReview?, modified: Double?) {
        self.path = path
        self.state = state
        self.review = review
        self.modified = modified
        // As Docker counts lines. A file of another origin may end them with a carriage return, too.
        var lines = bytes.split(separator: UInt8(ascii: "\n"), omittingEmptySubsequences: false)
        if lines.last?.isEmpty == true { lines.removeLast() }
        self.lines = lines.map { line in
            let text = line.last == UInt8(ascii: "\r") ? line.dropLast() : line
            return SafeLines.clean(text: String(decoding: text, as: UTF8.self))
        }
    }

    /// The student's own work, or the reference solution, without a mistake.
    package var isFine: Bool { (state == .own || state == .reference) && errors == 0 }

    /// How many mistakes it has.
    package var errors: Int { review?.errors.count ?? 0 }

    /// The line of the first mistake that says what to write. If there is none, the line of the first thing that's missing.
    package var firstError: Int? {
        let besides = review?.besideTicks.first { $0.severity == .error }
        return (besides ?? review?.errors.first)?.place.line
    }

    /// The line to show first: of the first mistake or, if all that is left is something that's missing, of the first remark.
    package var firstRemark: Int? {
        guard let shown = review?.besideTicks, !shown.contains(where: { $0.severity == .error }) else { return firstError }
        return shown.first?.place.line ?? firstError
    }
}
