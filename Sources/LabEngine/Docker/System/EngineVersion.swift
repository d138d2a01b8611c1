/// The versions of an engine and its parts.
package struct EngineVersion: Decodable, Sendable, Equatable {
    package var version: String
    package var apiVersion: String?
    package var minimumAPIVersion: String?
    package var os: String?
    package var architecture: String?
    package var kernelVersion: String?
    package var components: [Component]?

    /// A part, such as containerd or runc.
    package struct Component: Decodable, Sendable, Equatable {
        package var name: String
        package var version: String

        private enum CodingKeys: String, CodingKey {
            case name = "Name"
            case version = "Version"
        }
    }

    private enum CodingKeys: String, CodingKey {
        case version = "Version"
        case apiVersion = "ApiVersion"
        case minimumAPIVersion = "MinAPIVersion"
        case os = "Os"
        case architecture = "Arch"
        case kernelVersion = "KernelVersion"
        case components = "Components"
    }
}
