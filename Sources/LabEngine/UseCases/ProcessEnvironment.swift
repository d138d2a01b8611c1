import Glibc

/// This process's own environment, which libcurl reads for proxies.
enum ProcessEnvironment {
    /// Takes over what a cure's `export` and `unset` changed.
    static func change(from before: [String: String], to after: [String: String]) {
        for name in before.keys where after[name] == nil { unsetenv(name) }
        for (name, value) in after where before[name] != value { setenv(name, value, 1) }
    }
}
