/// Which GPUs a container sees.
package enum GPURequest: Sendable, Hashable {
    case all
    case count(Int)
    case devices([String])
    /// Devices of the Container Device Interface, such as `nvidia.com/gpu=all`.
    case cdi([String])
}
