package import LabTUI

/// A screen without a terminal: remembers what was done with it.
package actor FakeScreen: Screen {
    package private(set) var frames: [CellBuffer] = []
    /// What was done besides painting, in order.
    package private(set) var calls: [String] = []
    private let size: Size

    package init(_ size: Size) { self.size = size }

    package func open() -> Size {
        CellWidth.prepare()
        calls.append("open")
        return size
    }

    package func paint(_ frame: CellBuffer) { frames.append(frame) }
    package func redraw(_ frame: CellBuffer) { calls.append("redraw") }
    package func copy(_ text: String) { calls.append("copy \(text)") }
    package func setMouse(_ isOn: Bool) { calls.append("mouse \(isOn)") }
    package func lend() { calls.append("lend") }
    package func takeBack() { calls.append("take back") }
    package func run(_ arguments: [String]) { calls.append("run \(arguments.joined(separator: " "))") }
    package func stop() { calls.append("stop") }
    package func close() { calls.append("close") }

    /// The newest frame's text.
    package var text: String { frames.last?.plainText ?? "" }
}
