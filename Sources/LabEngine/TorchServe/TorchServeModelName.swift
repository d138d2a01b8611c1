/// A model in the list of models.
package struct TorchServeModelName: Sendable, Equatable, Decodable {
    package var modelName: String
    package var modelUrl: String?
}
