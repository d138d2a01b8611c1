/// Disk usage of images, containers, volumes and the build cache.
package struct DiskUsage: Decodable, Sendable, Equatable {
    /// Bytes of all layers, each counted once.
    package var layers: Int64?
    package var images: [ImageSummary]?
    package var containers: [ContainerSummary]?
    package var volumes: [Volume]?
    package var buildCache: [CacheRecord]?

    /// A volume.
    package struct Volume: Decodable, Sendable, Equatable {
        package var name: String
        package var usage: Usage?

        /// Bytes, and how many containers use the volume. -1 if the engine did not count.
        package struct Usage: Decodable, Sendable, Equatable {
            package var size: Int64?
            package var references: Int?

            private enum CodingKeys: String, CodingKey {
                case size = "Size"
                case references = "RefCount"
            }
        }

        private enum CodingKeys: String, CodingKey {
            case name = "Name"
            case usage = "UsageData"
        }
    }

    /// A piece of the build cache.
    package struct CacheRecord: Decodable, Sendable, Equatable {
        package var id: String?
        package var size: Int64?
        package var isInUse: Bool?
        /// It belongs to an image as well. Removing it frees nothing.
        package var isShared: Bool?
        /// As the engine writes it. See `createdAt`.
        package var created: String?

        private enum CodingKeys: String, CodingKey {
            case id = "ID"
            case size = "Size"
            case isInUse = "InUse"
            case isShared = "Shared"
            case created = "CreatedAt"
        }
    }

    private enum CodingKeys: String, CodingKey {
        case layers = "LayersSize"
        case images = "Images"
        case containers = "Containers"
        case volumes = "Volumes"
        case buildCache = "BuildCache"
    }
}
