/// Everything that the app does to the world. These are closures, so that tests can replace them.
package struct Services: Sendable {
    package typealias Send = @Sendable (AppEvent) -> Void

    /// Performs an effect and sends events. Stops early if cancelled.
    package var perform: @Sendable (AppEffect, @escaping Send) async -> Void
    /// Connects the terminal to a container's shell. The screen must be lent.
    package var attach: @Sendable (_ container: String) async throws -> Void
    /// The student's editor with its arguments.
    package var editor: [String]
    /// Copies a file from its template, unless the file exists.
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
