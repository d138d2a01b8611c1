/// Everything that the program does to the world, as closures, so that tests give others.
package struct Services: Sendable {
    package typealias Send = @Sendable (AppEvent) -> Void

    /// Carries out an effect and answers with events; ends early when cancelled.
    package var perform: @Sendable (AppEffect, @escaping Send) async -> Void
    /// Gives the terminal to a container's shell. Called while the screen is lent.
    package var attach: @Sendable (_ container: String) async throws -> Void
    /// The student's editor with its arguments.
    package var editor: [String]
    /// Puts a file in place from its template, unless it is there.
    package var prepareFile: @Sendable (_ path: String, _ template: String?) throws -> Void

    package init(
        perform: @escaping @Sendable (AppEffect, @escaping Send) async -> Void, attach: @escaping @Sendable (String) async throws -> Void,
        editor: [String], prepareFile: @escaping @Sendable (String, String?) throws -> Void
    ) {
        self.perform = perform
        self.attach = attach
        self.editor = editor
        self.prepareFile = prepareFile
    }
}
