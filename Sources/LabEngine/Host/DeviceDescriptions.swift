import FoundationEssentials
import LabSupport

/// The descriptions of devices for containers (Container Device Interface) on this machine:
/// https://github.com/cncf-tags/container-device-interface/blob/main/SPEC.md
package struct DeviceDescriptions: Sendable, Equatable {
    /// Where engines look unless they are told otherwise.
    package static let usualFolders = ["/etc/cdi", "/var/run/cdi"]

    /// Devices with their kind, such as `nvidia.com/gpu=all`, sorted.
    package let devices: [String]
    /// The files that describe them.
    package let files: [String]

    /// Reads the descriptions of devices of one kind.
    package init(kind: String, folders: [String] = DeviceDescriptions.usualFolders, root: HostRoot = .machine) {
        var devices: Set<String> = []
        var files: [String] = []
        for folder in folders {
            for name in root.names(in: folder) where name.hasSuffix(".yaml") || name.hasSuffix(".json") {
                let path = "\(folder)/\(name)"
                guard let text = root.text(path), let found = Self.read(text, isJSON: name.hasSuffix(".json")), found.kind == kind else {
                    continue
                }
                files.append(path)
                devices.formUnion(found.names.map { "\(kind)=\($0)" })
            }
        }
        self.devices = devices.sorted()
        self.files = files
    }

    private struct Document: Decodable {
        struct Device: Decodable { var name: String }
        var kind: String
        var devices: [Device]
    }

    private static func read(_ text: String, isJSON: Bool) -> (kind: String, names: [String])? {
        guard isJSON else { return lines(text) }
        return (try? JSONDecoder().decode(Document.self, from: Data(text.utf8))).map { ($0.kind, $0.devices.map(\.name)) }
    }

    /// The YAML that the toolkit and people write: one key a line. The names of devices are those below `devices`.
    private static func lines(_ text: String) -> (kind: String, names: [String])? {
        var kind: String?
        var names: [String] = []
        var isInDevices = false
        for line in text.split(whereSeparator: \.isNewline) {
            let isTop = !line.hasPrefix(" ") && !line.hasPrefix("-") && !line.hasPrefix("\t")
            let words = line.drop { $0 == " " || $0 == "-" || $0 == "\t" }
            guard let colon = words.firstIndex(of: ":") else { continue }
            let key = words[..<colon].filter { $0 != "\"" && $0 != "'" }
            let value = words[words.index(after: colon)...].filter { $0 != "\"" && $0 != "'" && $0 != " " && $0 != "\r" }
            if isTop { isInDevices = key == "devices" }
            if isTop, key == "kind" { kind = value }
            if isInDevices, key == "name", !value.isEmpty { names.append(value) }
        }
        return kind.map { ($0, names) }
    }
}
