/// The purpose of a request. A worker's death means something else while a model loads than while it predicts.
package enum TorchServeOperation: String, Sendable {
    case ping
    case list
    case describe
    case register
    case scale
    case unregister
    case predict
    case metrics
    case renewKey
}
