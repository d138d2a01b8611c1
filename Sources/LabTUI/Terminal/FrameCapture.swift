import CTerminal
import Glibc
import LabSupport

/// Collects what curses writes for a frame, so that the terminal gets the frame in one piece.
///
/// curses writes after each move of its cursor, some forty times a frame. Each write wakes the terminal, and over SSH it can become a packet
/// of its own. curses has no setting for that. So it writes to a descriptor of its own, which leads to a file in memory during a frame and to
/// the terminal otherwise.
struct FrameCapture: ~Copyable {
    /// What curses writes to.
    let output: Int32
    private let memory: Int32

    /// Without a file in memory, curses writes to the terminal as it does by itself. If no descriptor is left, `output` is -1.
    init() {
        output = fcntl(STDOUT_FILENO, F_DUPFD_CLOEXEC, 3)
        memory = ct_memory_file("ailab-frame")
    }

    deinit {
        if memory >= 0 { close(memory) }
    }

    /// Does `draw` and returns what curses wrote for it. Nothing if it wrote to the terminal itself.
    func text(of draw: () -> Void) -> [UInt8] {
        guard memory >= 0, lseek(memory, 0, SEEK_SET) == 0, ct_redirect(output, memory) == 0 else {
            draw()
            return []
        }
        draw()
        // Both descriptors share one position, which is now the end of the frame.
        let length = Int(lseek(memory, 0, SEEK_CUR))
        _ = ct_redirect(output, STDOUT_FILENO)
        return [UInt8](unsafeUninitializedCapacity: max(0, length)) { buffer, count in
            count = max(0, pread(memory, buffer.baseAddress, max(0, length), 0))
        }
    }
}
