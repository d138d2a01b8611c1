import HostFacts
import TestSupport

/// A folder that stands in for `/`, filled file by file and removed at the end.
final class FakeRoot: Sendable {
    private let folder: TemporaryDirectory

    var path: String { folder.path }
    var root: HostRoot { HostRoot(path) }

    init(_ files: [String: String] = [:]) throws {
        folder = try TemporaryDirectory()
        for (name, content) in files { try write(name, content) }
    }

    /// `name` begins with a slash, as in the file system that this stands in for.
    func write(_ name: String, _ content: String) throws { try folder.write(content, to: String(name.dropFirst())) }

    /// Text that looks like a certificate: only its base64 part is compared.
    static func certificate(_ body: String) -> String {
        "-----BEGIN CERTIFICATE-----\n\(body)\n-----END CERTIFICATE-----\n"
    }
}
