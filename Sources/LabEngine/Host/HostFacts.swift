import Glibc
import LabSupport

/// Facts about this machine, without judgement. The doctor draws the conclusions.
package struct HostFacts: Sendable, Equatable {
    /// The processors that this process may use, including the limit of its control group.
    package var processors: Processors
    package var memory: HostFact<Memory>
    /// The file system of the given folder.
    package var disk: HostFact<DiskSpace>
    /// Such as `6.1.0-18-amd64`.
    package var kernel: String
    /// Such as `x86_64`.
    package var machine: String
    package var distribution: HostFact<Distribution>
    package var user: HostUser
    package var controlGroups: ControlGroups
    package var nvidia: NVIDIAFacts

    /// Reads all facts in a few milliseconds, without a child process or the network. `folder` selects the disk.
    package static func read(folder: String, root: HostRoot = .machine) -> HostFacts {
        let groups = ControlGroups.read(root: root)
        var name = utsname()
        uname(&name)
        return HostFacts(
            processors: .read(root: root, groups: groups),
            memory: Memory.read(root: root),
            disk: DiskSpace.read(folder: folder),
            kernel: text(of: name.release),
            machine: text(of: name.machine),
            distribution: Distribution.read(root: root).map { .known($0) }
                ?? .absent(
                    Text(en: "This system has no /etc/os-release that names its distribution.", zh: "系统中没有说明发行版的 /etc/os-release。")),
            user: .read(root: root),
            controlGroups: groups,
            nvidia: .read(root: root)
        )
    }

    private static func text<Tuple>(of field: Tuple) -> String {
        withUnsafeBytes(of: field) { String(decoding: $0.prefix { $0 != 0 }, as: UTF8.self) }
    }
}
