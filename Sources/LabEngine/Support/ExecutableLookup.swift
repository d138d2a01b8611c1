import Glibc

/// Finds programs the way a shell does, and where a shell without root's PATH does not look.
package struct ExecutableLookup: Sendable {
    /// Folders searched, in order.
    package let folders: [String]
    /// Put before each folder: the folder that stands in for `/` in tests.
    private let prefix: String

    /// The folders of `PATH`, then those of system programs, which ordinary users' `PATH` lacks on Debian.
    package init(path: String?, below prefix: String = "") {
        self.prefix = prefix
        let named = (path ?? "/usr/local/bin:/usr/bin:/bin").split(separator: ":").map(String.init)
        let system = ["/usr/local/sbin", "/usr/sbin", "/sbin", "/usr/local/bin", "/usr/bin", "/bin"]
        folders = (named + system).reduce(into: []) { if !$0.contains($1) { $0.append($1) } }
    }

    /// The first executable file of that name; nil where there is none.
    package func find(_ name: String) -> String? {
        for folder in folders {
            let path = prefix + folder + "/" + name
            var status = stat()
            if stat(path, &status) == 0, status.st_mode & S_IFMT == S_IFREG, access(path, X_OK) == 0 { return path }
        }
        return nil
    }

    /// The folders as a `PATH` for a child that needs system programs too.
    package var searchPath: String { folders.joined(separator: ":") }
}
