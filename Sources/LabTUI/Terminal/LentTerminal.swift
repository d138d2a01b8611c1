import CTerminal
import Glibc

/// Columns and rows of a terminal.
package struct TerminalSize: Sendable, Equatable {
    package var columns: Int
    package var rows: Int

    package init(columns: Int, rows: Int) {
        self.columns = columns
        self.rows = rows
    }

    /// The size of a terminal now; nil where it is none or does not know.
    package init?(of descriptor: Int32) {
        var columns: Int32 = 0
        var rows: Int32 = 0
        guard ct_size(descriptor, &columns, &rows) == 0, columns > 0, rows > 0 else { return nil }
        self.init(columns: Int(columns), rows: Int(rows))
    }
}

/// The terminal while it belongs to a container: raw, and given back exactly once, also when the process is ended or crashes.
package final class LentTerminal: Sendable {
    /// What the terminal refused.
    package struct Refused: Error, Sendable, Equatable {
        package var errno: Int32
    }

    /// Makes the terminal raw. There is one loan at a time.
    package init(_ descriptor: Int32) throws(Refused) {
        let failed = ct_lend(descriptor)
        guard failed == 0 else { throw Refused(errno: failed) }
    }

    deinit { takeBack() }

    /// Restores the terminal and resets what a program may have left on it. Before anything is printed; further calls do nothing.
    package func takeBack() { ct_take_back() }

    /// Becomes readable when the size has changed.
    var sizeChanges: Int32 { ct_size_changes() }
}
