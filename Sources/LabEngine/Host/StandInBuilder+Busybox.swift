import FoundationEssentials
import Glibc
import LabSupport

extension StandInBuilder {
    func buildBusybox(
        files: [InlineFile], to target: String, scratch: String, onLine: @escaping @Sendable (ChildLine) -> Void
    ) async throws {
        let busybox = try await staticBusybox(scratch: scratch, onLine: onLine)
        let tree = BusyboxTree(path: scratch + "/root")
        try tree.makeFolders()
        try ScratchFolder.copyProgram(busybox, to: tree.path + "/bin/busybox")
        try tree.link(applets: try await applets(of: busybox))
        try tree.write(BusyboxTree.identity + files)
        guard let tar = programs.find("tar") else { throw missing("tar", package: "tar") }
        let arguments = ["--owner=0", "--group=0", "--numeric-owner", "--sort=name", "--mtime=@0", "-C", tree.path, "-cf", target, "."]
        try await run(tar, arguments, timeout: .seconds(60), onLine: onLine)
    }

    /// The machine's own busybox if it is static, otherwise the one in Debian's package.
    private func staticBusybox(scratch: String, onLine: @escaping @Sendable (ChildLine) -> Void) async throws -> String {
        for path in ["/bin/busybox", "/usr/bin/busybox"] where root.exists(path) {
            if ELFFile.isStatic(root.bytes(path) ?? []) { return root.real(path) }
        }
        guard let apt = programs.find("apt-get"), let dpkg = programs.find("dpkg-deb") else {
            throw missing("busybox-static", package: "busybox-static")
        }
        let folder = scratch + "/package"
        try ScratchFolder.make(folder)
        // As root, apt would download as the user _apt, who cannot write to this folder.
        let arguments = ["-q", "-o", "APT::Sandbox::User=root", "download", "busybox-static"]
        try await run(apt, arguments, in: folder, timeout: .seconds(300), onLine: onLine)
        let names = (try? FileManager.default.contentsOfDirectory(atPath: folder)) ?? []
        guard let package = names.first(where: { $0.hasSuffix(".deb") }) else {
            throw missing("busybox-static", package: "busybox-static")
        }
        try await run(dpkg, ["-x", folder + "/" + package, folder + "/tree"], timeout: .seconds(60), onLine: onLine)
        guard let found = ["/bin/busybox", "/usr/bin/busybox"].map({ folder + "/tree" + $0 }).first(where: { access($0, X_OK) == 0 }) else {
            throw missing("busybox-static", package: "busybox-static")
        }
        return found
    }

    /// The applets' paths relative to the root, as busybox lists them.
    private func applets(of busybox: String) async throws -> [String] {
        let lines = Locked<[String]>([])
        try await run(busybox, ["--list-full"], timeout: .seconds(10)) { line in
            if line.stream == .output { lines.withLock { $0.append(line.text) } }
        }
        return lines.withLock { $0 }
    }
}

/// A small root file system around busybox.
private struct BusyboxTree {
    let path: String

    static let identity = [
        InlineFile(
            path: "/etc/os-release",
            content: """
                NAME="ailab stand-in"
                ID=ailab-standin-busybox
                PRETTY_NAME="ailab stand-in (Debian busybox-static), not an original image"
                HOME_URL="https://busybox.net/"

                """),
        InlineFile(
            path: "/etc/passwd", content: "root:x:0:0:root:/root:/bin/sh\nnobody:x:65534:65534:nobody:/:/bin/false\n"),
        InlineFile(path: "/etc/group", content: "root:x:0:\nnogroup:x:65534:\n"),
    ]

    func makeFolders() throws {
        let folders = [
            "bin", "dev", "etc", "home", "lib", "media", "mnt", "opt", "proc", "root", "run", "sbin", "srv", "sys", "tmp", "usr/bin",
            "usr/sbin", "var/log", "var/tmp",
        ]
        for folder in folders { try ScratchFolder.make(path + "/" + folder) }
        for folder in ["tmp", "var/tmp"] { chmod(path + "/" + folder, 0o1777) }
        chmod(path + "/root", 0o700)
        chmod(path, 0o755)
    }

    func link(applets: [String]) throws {
        for applet in applets where applet != "bin/busybox" && applet.contains("/") {
            // The link fails for folders that a plain system lacks, such as that of linuxrc. Such an applet is not needed.
            _ = symlink("/bin/busybox", path + "/" + applet)
        }
    }

    func write(_ files: [InlineFile]) throws {
        for file in files {
            // The applets are links to /bin/busybox. As text, the path /bin/sh would be this machine's own busybox.
            let place = PathBelow(file.path.split(separator: "/").joined(separator: "/"), in: path)
            try place.parent?.makeDirectory()
            try place.write(file.content.utf8)
            chmod(place.shown, 0o644)
        }
    }
}

extension ScratchFolder {
    fileprivate static func copyProgram(_ from: String, to target: String) throws {
        do {
            try FileManager.default.copyItem(atPath: from, toPath: target)
        } catch {
            throw LabError(
                .hostFolder, Text(en: "Cannot copy \(from) to \(target).", zh: "无法把 \(from) 复制到 \(target)。"),
                cause: "\(error)")
        }
        chmod(target, 0o755)
    }
}
