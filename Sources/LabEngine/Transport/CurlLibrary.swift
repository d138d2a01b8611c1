import CCurl
import Glibc
package import LabSupport

/// libcurl, loaded when the first request needs it.
///
/// Loading takes as long as all else of a short command, and a machine without it shall still have whatever needs no HTTP.
package enum CurlLibrary {
    /// The usual one, then the build with GnuTLS that Debian's git brings along: the same source, functions and options.
    private static let names = ["libcurl.so.4", "libcurl-gnutls.so.4"]

    private static let isLoaded = Locked(false)

    /// Loads it unless that was done; any thread, blocks for some milliseconds. What failed is tried again by the next call, since
    /// the student may have installed it meanwhile. Throws `transport.libraryMissing`.
    package static func load() throws(LabError) {
        try isLoaded.withLock { isLoaded throws(LabError) in
            guard !isLoaded else { return }
            let name = try open(names)
            guard cc_global_init(Int(CURL_GLOBAL_DEFAULT)) == CURLE_OK else { throw missing(["\(name): curl_global_init"]) }
            isLoaded = true
        }
    }

    /// Opens the first of these that is there and has every function; its name.
    static func open(_ names: [String]) throws(LabError) -> String {
        var reasons: [String] = []
        for name in names {
            var reason = [CChar](repeating: 0, count: 512)
            if cc_load(name, &reason, reason.count) == 0 { return name }
            reasons.append(String(decoding: reason.prefix { $0 != 0 }.map { UInt8(bitPattern: $0) }, as: UTF8.self))
        }
        throw missing(reasons, isOld: reasons.contains { $0.contains(Self.lacking) })
    }

    /// In the reason of one that is there and has not every function.
    private static let lacking = ": no function "

    /// What the library calls itself: `libcurl/7.88.1`. Only after `load`.
    package static var version: String {
        let all = String(cString: cc_version())
        return SafeLines.clean(text: String(all.prefix { $0 != " " }))
    }

    private static func missing(_ reasons: [String], isOld: Bool = false) -> LabError {
        LabError(
            "transport.libraryMissing",
            Text(
                en: "The library libcurl, through which ailab speaks to engines and servers, cannot be loaded.",
                zh: "无法加载 libcurl 库，ailab 通过它与引擎和服务通信。"),
            hint: isOld ? update : install, cause: SafeLines.clean(text: reasons.joined(separator: "; ")))
    }

    /// The version with the newest of the functions that are used.
    package static let update = Text(
        en: "The libcurl of this machine is too old: ailab needs 7.68 or newer. Update the distribution's package, or the distribution "
            + "itself, then try again.",
        zh: "本机的 libcurl 版本过旧：ailab 需要 7.68 或更新的版本。请更新发行版的软件包或发行版本身，然后重试。")

    private static var install: Text {
        // The package by its name where this machine's manager knows it; the first manager that is there is the distribution's own.
        let installers = [
            ("apt-get", "sudo apt-get install -y libcurl4"), ("dnf", "sudo dnf install -y libcurl"),
            ("zypper", "sudo zypper --non-interactive install libcurl4"), ("pacman", "sudo pacman -S --noconfirm curl"),
        ]
        let command = installers.first { access("/usr/bin/\($0.0)", X_OK) == 0 }?.1
        return command.map {
            Text(
                en: "Install it with `\($0)`, then try again. Without root, ask the machine's administrator.",
                zh: "用 `\($0)` 安装，然后重试。没有 root 权限时请联系机器的管理员。")
        } ?? Text(en: "Install the package that brings libcurl.so.4, then try again.", zh: "请安装提供 libcurl.so.4 的软件包，然后重试。")
    }
}
