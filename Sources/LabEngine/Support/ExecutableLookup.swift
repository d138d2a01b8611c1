import Glibc

/// Finds programs in `PATH`, and in the system folders that an ordinary user's `PATH` may lack.
package struct ExecutableLookup: Sendable {
    /// Folders searched, in order.
    package let folders: [String]
    /// The folder that stands in for `/` in tests; it's put before every folder.
    private let prefix: String

    /// The folders of `PATH`, then the system folders. On Debian, ordinary users' `PATH` lacks the `sbin` folders.
    package init(path: String?, below prefix: String = "") {
        self.prefix = prefix
        let named = (path ?? "/usr/local/bin:/usr/bin:/bin").split(separator: ":").map(String.init)
        let system = ["/usr/local/sbin", "/usr/sbin", "/sbin", "/usr/local/bin", "/usr/bin", "/bin"]
        folders = (named + system).reduce(into: []) { if !$0.contains($1) { $0.append($1) } }
    }

    /// The first executable file with this name, or nil.
    package func find(_ name: String) -> String? {
        for folder in folders {
            let path = prefix + folder + "/" + name
            var status = stat()
            if stat(path, &status) == 0, status.st_mode & S_IFMT == S_IFREG, access(path, X_OK) == 0 { return path }
        }
        return nil
    }

    /// The folders as a `PATH` for a child that also needs system programs.
    package var searchPath: String { folders.joined(separator: ":") }
}
