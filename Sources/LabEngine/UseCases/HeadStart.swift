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
        let spec = Lazily { Result { () throws(LabError) in try LabSpecLoader.spec(path: file) } }
        begun.withLock { $0 = (file, spec) }
        PosixThread.start { _ = spec.value }?.detach()
    }

    /// The lab of a file. A lab that was read ahead is taken once, because its file may change later. A mistake in it is thrown as by a usual
    /// reading.
    static func spec(of file: String) throws(LabError) -> LabSpec {
        let ahead = begun.withLock { begun -> Lazily<Result<LabSpec, LabError>>? in
            guard let (path, spec) = begun, path == file else { return nil }
            begun = nil
            return spec
        }
        guard let ahead else { return try LabSpecLoader.spec(path: file) }
        return try ahead.value.get()
    }

    private static let begun = Locked<(file: String, spec: Lazily<Result<LabSpec, LabError>>)?>(nil)
}
