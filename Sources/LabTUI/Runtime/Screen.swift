/// The screen that frames go to: a terminal, or a test's replacement. Keys and size changes arrive as events.
package protocol Screen: Sendable {
    /// Takes the terminal and returns its size.
    func open() async throws -> Size
    func paint(_ frame: CellBuffer) async
    /// Paints the whole frame, whatever is on the screen.
    func redraw(_ frame: CellBuffer) async
    /// Copies text to the clipboard of the student's machine.
    func copy(_ text: String) async
    func setMouse(_ isOn: Bool) async
    /// Leaves the terminal to another program until `takeBack`.
    func lend() async
    func takeBack() async
    /// Runs a program in the foreground. The terminal must be lent.
    func run(_ arguments: [String]) async throws
    /// Suspends the process, as Ctrl-Z does.
    func stop() async
    func close() async
}
