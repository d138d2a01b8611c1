import ContainerEngine
import LabFile
import LabSupport

/// A model as a service that others operate: what the files of every platform say, each in its own words.
struct DeployedService: Sendable, Equatable {
    /// A folder or file of this machine in the container. Always read-only.
    struct Mount: Sendable, Equatable {
        var source: String
        var target: String
    }

    /// A file that lies beside the written ones.
    struct File: Sendable, Equatable {
        var name: String
        var target: String
        var content: [UInt8]
    }

    /// The model's name on the server.
    var model: String
    /// The same, as a host may be called.
    var name: String
    /// The name of everything together: lab and model.
    var project: String
    var image: String
    var command: [String]
    var entrypoint: [String]?
    var environment: [String: String]
    /// `1000:1000`; nil for the image's own user.
    var user: String?
    /// The port for predictions, in the container and on this machine.
    var port: Int
    var hostPort: Int
    /// The lab's own container, which takes the same port of this machine.
    var container: String
    var mounts: [Mount]
    var files: [File]
    /// Succeeds in the container if the model answers.
    var ready: [String]
    /// How long a start may take, in seconds.
    var start: Int
    var replicas: Int
    var usesGPU: Bool
    var memory: Int64?
    var sharedMemory: Int64?
    var cpus: Double?

    /// Seconds between two questions whether it's ready, the limit of one, and how many must fail.
    static let interval = 5
    static let timeout = 5
    static let failures = 3

    /// A name as hosts may have one: lowercase letters, digits and hyphens.
    static func hostName(_ text: String) -> String {
        let letters = text.lowercased().unicodeScalars.map { scalar in
            ("a"..."z").contains(scalar) || ("0"..."9").contains(scalar) ? Character(scalar) : "-"
        }
        let name = String(letters.drop { $0 == "-" }.prefix(40).reversed().drop { $0 == "-" }.reversed())
        return name.isEmpty ? "model" : name
    }
}
