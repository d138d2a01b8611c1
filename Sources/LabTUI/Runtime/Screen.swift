/// Where frames go and keys come from: a terminal, or a test's stand-in. Keys and sizes arrive as events, not through this.
package protocol Screen: Sendable {
    /// Takes the terminal; returns its size.
    func open() async throws -> Size
    func paint(_ frame: CellBuffer) async
    /// Paints without trusting what is on the screen.
    func redraw(_ frame: CellBuffer) async
    /// Puts text into the clipboard of the student's machine.
    func copy(_ text: String) async
    func setMouse(_ isOn: Bool) async
    /// Leaves the terminal to somebody else until `takeBack`.
    func lend() async
    func takeBack() async
    /// Runs a program in the foreground; the terminal must have been lent.
    func run(_ arguments: [String]) async throws
    /// Stops the process, as Ctrl-Z does.
    func stop() async
    func close() async
}
