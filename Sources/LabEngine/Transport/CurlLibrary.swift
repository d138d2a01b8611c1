import CCurl
import Glibc
package import LabSupport

/// libcurl, loaded when the first request needs it.
///
/// Loading takes as long as the rest of a short command. Commands that need no HTTP also work on a machine without libcurl.
package enum CurlLibrary {
    /// The usual library, then the GnuTLS build that Debian's git installs. Both have the same source, functions and options.
    private static let names = ["libcurl.so.4", "libcurl-gnutls.so.4"]

    private static let isLoaded = Locked(false)

    /// Loads libcurl once. Any thread may call it; it blocks for some milliseconds. Throws `transport.libraryMissing`.
    ///
    /// After a failure, the next call tries again, because the student may have installed the library in the meantime.
    package static func load() throws(LabError) {
        try isLoaded.withLock { isLoaded throws(LabError) in
            guard !isLoaded else { return }
            let name = try open(names)
            guard cc_global_init(Int(CURL_GLOBAL_DEFAULT)) == CURLE_OK else { throw missing(["\(name): curl_global_init"]) }
            isLoaded = true
        }
    }

    /// Opens the first library that exists and has every function. Returns its name.
    static func open(_ names: [String]) throws(LabError) -> String {
        var reasons: [String] = []
        for name in names {
            var reason = [CChar](repeating: 0, count: 512)
            if cc_load(name, &reason, reason.count) == 0 { return name }
            reasons.append(String(decoding: reason.prefix { $0 != 0 }.map { UInt8(bitPattern: $0) }, as: UTF8.self))
        }
        throw missing(reasons, isOld: reasons.contains { $0.contains(Self.lacking) })
    }

    /// Part of the reason that `cc_load` gives for a library that lacks a function.
    private static let lacking = ": no function "

    /// The library's own name and version, such as `libcurl/7.88.1`. Call it only after `load`.
    package static var version: String {
        let all = String(cString: cc_version())
        return SafeLines.clean(text: String(all.prefix { $0 != " " }))
    }

    private static func missing(_ reasons: [String], isOld: Bool = false) -> LabError {
        LabError(
            .transportLibraryMissing,
            Text(
                en: "Cannot load the library libcurl, which ailab needs to reach engines and servers.",
                zh: "无法加载 libcurl 库，ailab 通过它与引擎和服务通信。"),
            hint: isOld ? update : install, cause: SafeLines.clean(text: reasons.joined(separator: "; ")))
    }

    /// The hint for a library that is too old. 7.68 is the first version with all functions that ailab calls.
    package static let update = Text(
        en: "This machine's libcurl is too old: ailab needs 7.68 or newer. Update the package or the distribution, "
            + "then try again.",
        zh: "本机的 libcurl 版本过旧：ailab 需要 7.68 或更高版本。请更新该软件包或升级发行版，然后重试。")

    private static var install: Text {
        // The package's name depends on the package manager. The first manager found is the distribution's own.
        let installers = [
            ("apt-get", "sudo apt-get install -y libcurl4"), ("dnf", "sudo dnf install -y libcurl"),
            ("zypper", "sudo zypper --non-interactive install libcurl4"), ("pacman", "sudo pacman -S --noconfirm curl"),
        ]
        let command = installers.first { access("/usr/bin/\($0.0)", X_OK) == 0 }?.1
        return command.map {
            Text(
                en: "Install it with `\($0)`, then try again. If you don't have root access, ask the administrator.",
                zh: "请用 `\($0)` 安装，然后重试。没有 root 权限时，请联系管理员。")
        } ?? Text(en: "Install the package that contains libcurl.so.4, then try again.", zh: "请安装提供 libcurl.so.4 的软件包，然后重试。")
    }
}
