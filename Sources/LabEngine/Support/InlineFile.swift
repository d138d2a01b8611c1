/// A small text file written into an image.
package struct InlineFile: Sendable, Equatable {
    package var path: String
    package var content: String

    package init(path: String, content: String) {
        self.path = path
        self.content = content
    }
}
