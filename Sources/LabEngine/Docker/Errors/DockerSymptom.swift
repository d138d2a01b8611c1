/// Failures that the engine reports without a code. They are recognised by words that their text always contains.
///
/// The order of the cases is the order of the checks: the more specific ones come first.
enum DockerSymptom: CaseIterable {
    case clientTooOld
    case diskFull
    case noGPURuntime
    case gpuHookFailed
    case portTaken
    case commandNotFound
    case mountSourceMissing
    case copySourceMissing
    case dockerfileMissing
    case rateLimit
    case certificate
    case imageDenied
    case imageMissing
    case platformMissing
    case registryUnreachable

    /// The first symptom that matches an error.
    static func first(in error: DockerError) -> DockerSymptom? {
        let text = error.message.lowercased()
        return allCases.first { symptom in symptom.applies(to: error) && symptom.marks.contains { text.contains($0) } }
    }

    private var marks: [String] {
        switch self {
        case .clientTooOld: ["client version"]
        case .diskFull: ["no space left on device", "disk quota exceeded"]
        case .noGPURuntime: ["could not select device driver", "failed to discover gpu vendor", "unresolvable cdi devices"]
        case .gpuHookFailed: ["nvidia-container-cli", "nvidia-container-runtime-hook"]
        case .portTaken: ["port is already allocated", "address already in use"]
        case .commandNotFound: ["executable file not found", "no such file or directory: unknown"]
        case .mountSourceMissing: ["bind source path does not exist"]
        case .copySourceMissing: ["copy failed", "add failed", "failed to calculate checksum of ref", "failed to compute cache key"]
        case .dockerfileMissing: ["cannot locate specified dockerfile", "failed to read dockerfile"]
        case .rateLimit: ["toomanyrequests"]
        case .certificate: ["x509:", "certificate signed by unknown authority"]
        case .imageDenied: ["pull access denied", "access to the resource is denied", "unauthorized:"]
        case .imageMissing: ["manifest unknown", "not found: manifest", "repository does not exist"]
        case .platformMissing: ["no matching manifest for"]
        case .registryUnreachable:
            [
                "no such host", "i/o timeout", "tls handshake timeout", "client.timeout exceeded", "context deadline exceeded",
                "connection refused", "connection reset by peer", "network is unreachable", "no route to host", "proxyconnect",
                "server misbehaving", "request canceled while waiting for connection",
            ]
        }
    }

    /// Whether the symptom can occur in this operation. A registry's words, for example, mean nothing in a container's output.
    private func applies(to error: DockerError) -> Bool {
        switch self {
        case .clientTooOld: error.status == 400
        case .diskFull, .certificate: true
        case .noGPURuntime, .gpuHookFailed, .portTaken, .commandNotFound: error.operation.startsContainers
        case .mountSourceMissing: if case .create = error.operation { true } else { error.operation.startsContainers }
        case .copySourceMissing, .dockerfileMissing: error.operation.isBuild
        case .rateLimit, .imageDenied, .imageMissing, .platformMissing, .registryUnreachable: error.operation.fetchesImages
        }
    }
}

extension DockerOperation {
    fileprivate var isBuild: Bool { if case .build = self { true } else { false } }

    fileprivate var startsContainers: Bool {
        switch self {
        case .start, .exec, .create: true
        case .container(_, let verb): verb == "start"
        default: false
        }
    }

    fileprivate var fetchesImages: Bool {
        switch self {
        case .pull, .build: true
        default: false
        }
    }
}

extension DockerError {
    /// The image of the operation: the image to pull, or that of the build's `FROM`.
    var image: String {
        switch operation {
        case .pull(let name), .image(let name, _), .create(let name, _): return name
        default:
            let words = (instruction ?? "").split(separator: " ").filter { !$0.hasPrefix("--") }
            return words.first?.uppercased() == "FROM" && words.count > 1 ? String(words[1]) : ""
        }
    }

    /// The engine's own table of published ports has the port. Otherwise a program of the machine has it.
    package var isPortAllocated: Bool { message.contains("port is already allocated") }

    /// The port in `Bind for 0.0.0.0:8080 failed` or `listen tcp4 127.0.0.1:8080: bind: …`.
    package var port: Int? {
        for mark in ["Bind for ", "listen tcp4 ", "listen tcp6 ", "listen tcp ", "listen udp4 ", "listen udp ", "bind host port for "] {
            guard let start = message.firstRange(of: mark)?.upperBound else { continue }
            let address = message[start...].prefix { $0 != " " }
            // The address may be IPv6, and a colon may follow it. The last number is the port.
            if let port = address.split(separator: ":").last(where: { Int($0) != nil }) { return Int(port) }
        }
        return nil
    }
}
