/// The file of the running program.
package enum OwnProgram {
    /// The kernel adds this to the name of a running file that was replaced or deleted: proc_pid_exe(5).
    private static let mark = " (deleted)"

    /// Where the program lies. If its file was replaced since it was started, this is its successor. Nil without `/proc`.
    package static var path: String? { Files.link("/proc/self/exe").map(path(linked:)) }

    /// A path that starts this very program again, even if an update has replaced its file meanwhile.
    ///
    /// The kernel still has the replaced file, and `/proc/self/exe` opens it. The name is used only then, because `ps` would show it.
    package static var executable: String? {
        guard let link = Files.link("/proc/self/exe") else { return nil }
        return Files.exists(link) ? link : "/proc/self/exe"
    }

    /// The words after the program's name, as they were typed.
    ///
    /// Swift looks for them on the stack beside `environ`, and finds none if a preloaded library has set a variable before `main`: then every
    /// command would be the default one. The kernel still knows them.
    package static let arguments: [String] = {
        if CommandLine.arguments.count > 1 { return Array(CommandLine.arguments.dropFirst()) }
        let words = ((try? Files.read("/proc/self/cmdline")) ?? []).split(separator: 0, omittingEmptySubsequences: false).dropLast()
        return words.dropFirst().map { String(decoding: $0, as: UTF8.self) }
    }()

    static func path(linked link: String) -> String {
        link.hasSuffix(mark) && !Files.exists(link) ? String(link.dropLast(mark.count)) : link
    }
}
