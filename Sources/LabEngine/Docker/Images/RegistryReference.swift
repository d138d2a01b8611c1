/// Image names in the form that registries use.
/// Rules: https://github.com/distribution/reference (a first part with a dot, a colon or `localhost` is a registry).
package enum RegistryReference {
    /// The registry that a reference is pulled from.
    package static func registry(of reference: String) -> String {
        let parts = reference.split(separator: "/", maxSplits: 1)
        guard parts.count == 2, let first = parts.first, first.contains(".") || first.contains(":") || first == "localhost" else {
            return "docker.io"
        }
        return String(first)
    }

    /// The same image at each of the hub's mirrors. Only the hub's images have mirrors.
    package static func mirrored(_ reference: String, by mirrors: [String]) -> [String] {
        guard registry(of: reference) == "docker.io" else { return [] }
        let path = reference.hasPrefix("docker.io/") ? String(reference.dropFirst("docker.io/".count)) : reference
        return mirrors.map { "\($0)/\(path.contains("/") ? path : "library/\(path)")" }
    }
}
