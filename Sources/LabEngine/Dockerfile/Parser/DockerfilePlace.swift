/// A place in a Dockerfile, as an editor counts it.
package struct DockerfilePlace: Sendable, Hashable, Comparable {
    /// From 1.
    package var line: Int
    /// From 1, counted in Unicode scalars.
    package var column: Int

    package init(line: Int, column: Int) {
        self.line = line
        self.column = column
    }

    package static func < (a: DockerfilePlace, b: DockerfilePlace) -> Bool { (a.line, a.column) < (b.line, b.column) }
}

/// A word of the file, without its quotes, and the place where it begins.
package struct DockerfileWord: Sendable, Hashable {
    package var text: String
    package var place: DockerfilePlace

    package init(_ text: String, _ place: DockerfilePlace) {
        self.text = text
        self.place = place
    }
}
