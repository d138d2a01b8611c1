import Foundation
import HostFacts

/// A folder that stands in for `/`, filled file by file and removed at the end.
final class FakeRoot: Sendable {
    let path: String

    var root: HostRoot { HostRoot(path) }

    init(_ files: [String: String] = [:]) throws {
        path = NSTemporaryDirectory() + "/ailab-root-" + UUID().uuidString
        try FileManager.default.createDirectory(atPath: path, withIntermediateDirectories: true)
        for (name, content) in files { try write(name, content) }
    }

    deinit { try? FileManager.default.removeItem(atPath: path) }

    func write(_ name: String, _ content: String) throws {
        let url = URL(filePath: path + name)
        try FileManager.default.createDirectory(at: url.deletingLastPathComponent(), withIntermediateDirectories: true)
        try Data(content.utf8).write(to: url)
    }

    /// What looks like a certificate: only its base64 text is compared.
    static func certificate(_ body: String) -> String {
        "-----BEGIN CERTIFICATE-----\n\(body)\n-----END CERTIFICATE-----\n"
    }
}
