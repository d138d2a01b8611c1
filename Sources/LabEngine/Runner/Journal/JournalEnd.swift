import FoundationEssentials
import Glibc
import LabSupport

/// Where a journal goes on: after its last event.
struct JournalEnd {
    /// The number of the last event. 0 if there is none.
    private(set) var sequence = 0
    /// The link of the next line.
    private(set) var link = JournalChain.origin
    /// The last line is unfinished.
    private(set) var isTorn = false

    private static let firstPiece = 64 << 10

    private init() {}

    /// The end of a journal that nobody writes any more. Its unfinished last line never counts. A journal that can't be read ends like an
    /// empty one.
    init(closed path: String) {
        guard let descriptor = try? Files.openRegular(path, O_RDONLY) else {
            self.init()
            return
        }
        defer { close(descriptor) }
        self.init(of: descriptor, takesUnfinished: false)
    }

    /// The end of an open journal. A line without a line end counts if it's an event: the next writer adds the line end.
    init(of descriptor: Int32, takesUnfinished: Bool = true) {
        let size = Int(lseek(descriptor, 0, SEEK_END))
        guard size > 0 else { return }
        var length = min(size, Self.firstPiece)
        while true {
            var bytes = [UInt8](repeating: 0, count: length)
            let count = max(0, pread(descriptor, &bytes, length, off_t(size - length)))
            isTorn = count < length || bytes.last != 0x0A
            let decoder = JSONDecoder()
            var lines = bytes[..<count].split(separator: 0x0A)
            if isTorn, !takesUnfinished { _ = lines.popLast() }
            for line in lines.reversed() {
                guard let event = line.withUnsafeBytes({ Event($0[...], decoder) }) else { continue }
                sequence = event.sequence
                link = JournalChain.link(after: line)
                return
            }
            guard length < size else { return }
            length = min(size, length * 4)
        }
    }
}
