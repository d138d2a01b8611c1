/// The keys that are valid now, as many as fit into one row.
package struct KeyBar {
    private let items: [(key: String, label: String)]

    /// The keys, the most important first.
    package init(_ items: [(key: String, label: String)]) { self.items = items }

    package func draw(in rect: Rect, on buffer: inout CellBuffer, _ look: Look) {
        guard !rect.isEmpty else { return }
        var x = rect.column
        for item in items {
            let columns = CellWidth.of(item.key) + 1 + CellWidth.of(item.label)
            if x + columns > rect.right { continue }
            x = buffer.put(item.key, at: x, rect.row, look[.key])
            x = buffer.put(" " + item.label, at: x, rect.row, look[.muted]) + 2
        }
    }
}

/// Names side by side, one of which is open.
package struct TabBar {
    private let names: [String]
    private let active: Int

    package init(_ names: [String], active: Int) {
        self.names = names
        self.active = active
    }

    /// How many columns all names take.
    package var columns: Int { names.reduce(0) { $0 + CellWidth.of($1) + 3 } }

    /// Returns the column after the last.
    @discardableResult
    package func draw(in rect: Rect, on buffer: inout CellBuffer, _ look: Look) -> Int {
        var x = rect.column
        for (index, name) in names.enumerated() where x < rect.right {
            // Brackets also mark the open one, for terminals without colors.
            let text = index == active ? "[\(name)]" : " \(name) "
            x = buffer.put(text, at: x, rect.row, look[index == active ? .tabActive : .tab], limit: rect.right - x) + 1
        }
        return x
    }
}
