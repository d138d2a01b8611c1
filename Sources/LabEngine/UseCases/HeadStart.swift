import HTTPTransport
import LabFile
import LabSupport

/// Work that a command is going to need, begun on threads of its own before the command's words are understood.
///
/// Loading libcurl takes some seven milliseconds of a processor, reading a lab as many, and understanding the words four. Decision 0019 says
/// what begins when.
package enum HeadStart {
    /// Begins to load libcurl, for a command that is going to ask an engine. A failure is told by the first request.
    package static func loadTransport() {
        PosixThread.start { try? CurlLibrary.load() }?.detach()
    }

    /// Begins to read a lab that is going to be shown. The next `OpenedLab` of that file takes the result, mistakes included.
    package static func read(lab file: String) {
        let reading = Reading(file)
        guard let thread = PosixThread.start({ reading.read() }) else { return }
        reading.thread.withLock { $0 = thread }
        let replaced = begun.withLock { begun in
            defer { begun = reading }
            return begun
        }
        replaced?.thread.withLock { $0 }?.detach()
    }

    /// The lab of a file. What was read ahead is taken once, because the file may change later.
    /// A mistake in it is thrown as by a usual reading.
    static func spec(of file: String) throws(LabError) -> LabSpec {
        let ahead = begun.withLock { begun in
            defer { if begun?.file == file { begun = nil } }
            return begun?.file == file ? begun : nil
        }
        guard let ahead else { return try LabSpecLoader.spec(path: file) }
        return try ahead.result()
    }

    private static let begun = Locked<Reading?>(nil)

    /// A lab that is being read.
    private final class Reading: Sendable {
        let file: String
        let thread = Locked<PosixThread?>(nil)
        private let outcome = Locked<Result<LabSpec, LabError>?>(nil)

        init(_ file: String) { self.file = file }

        func read() {
            let result = Result { () throws(LabError) in try LabSpecLoader.spec(path: file) }
            outcome.withLock { $0 = result }
        }

        func result() throws(LabError) -> LabSpec {
            thread.withLock { $0 }?.join()
            guard let outcome = outcome.withLock({ $0 }) else { return try LabSpecLoader.spec(path: file) }
            return try outcome.get()
        }
    }
}
