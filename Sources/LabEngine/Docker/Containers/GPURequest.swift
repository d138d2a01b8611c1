/// Which GPUs a container sees.
package enum GPURequest: Sendable, Hashable {
    case all
    case count(Int)
    case devices([String])
}
