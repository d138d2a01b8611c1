import Glibc
package import HostFacts
package import LabSupport

/// The copies of imported archives that Podman's service leaves in /var/tmp: https://github.com/containers/podman/issues/21621
package struct ImportLeftovers: Sendable, Equatable {
    private static let folder = "/var/tmp"
    private static let prefix = "api_load.tar"

    package let count: Int
    package let bytes: Int64

    /// Nil if there are none.
    package init?(root: HostRoot = .machine) {
        let names = root.names(in: Self.folder).filter { $0.hasPrefix(Self.prefix) }
        guard !names.isEmpty else { return nil }
        count = names.count
        bytes = names.reduce(0) { sum, name in
            var status = stat()
            return lstat(root.real("\(Self.folder)/\(name)"), &status) == 0 ? sum + Int64(status.st_blocks) * 512 : sum
        }
    }

    /// What they are and how they go.
    package var text: Text {
        let size = ByteSize.shown(Double(bytes))
        let command = "rm \(Self.folder)/\(Self.prefix)*"
        return Text(
            en:
                "Podman left \(count) \(count == 1 ? "copy" : "copies") of imported images, \(size). While no import runs, `\(command)` removes them",
            zh: "Podman 留下了 \(count) 份镜像导入的副本，共 \(size)。没有导入在进行时，可执行 `\(command)` 删除")
    }
}
