import CTerminal
import Glibc

/// The columns and rows of a terminal.
package struct TerminalSize: Sendable, Equatable {
    package var columns: Int
    package var rows: Int

    package init(columns: Int, rows: Int) {
        self.columns = columns
        self.rows = rows
    }

    /// The current size of a terminal. Nil if the descriptor isn't a terminal or the size isn't known.
    package init?(of descriptor: Int32) {
        var columns: Int32 = 0
        var rows: Int32 = 0
        guard ct_size(descriptor, &columns, &rows) == 0, columns > 0, rows > 0 else { return nil }
        self.init(columns: Int(columns), rows: Int(rows))
    }
}

/// The terminal while a container uses it. It's in raw mode, and is restored exactly once, even if the process is killed by a signal or
/// crashes.
package final class LentTerminal: Sendable {
    /// The operation that the terminal refused.
    package struct Refused: Error, Sendable, Equatable {
        package var errno: Int32
    }

    /// Sets the terminal to raw mode. Only one `LentTerminal` can exist at a time.
    package init(_ descriptor: Int32) throws(Refused) {
        let failed = ct_lend(descriptor)
        guard failed == 0 else { throw Refused(errno: failed) }
    }

    deinit { takeBack() }

    /// Restores the terminal and resets the modes that a program may have left set. Call this before you print anything. Further calls do
    /// nothing.
    package func takeBack() { ct_take_back() }

    /// This descriptor becomes readable when the size changes.
    var sizeChanges: Int32 { ct_size_changes() }
}
