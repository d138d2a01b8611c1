import FoundationEssentials

/// TorchServe's error response to a request.
package struct TorchServeError: Error, Sendable, Equatable {
    /// The HTTP status.
    package var status: Int
    /// The name of TorchServe's exception, such as `ModelNotFoundException`. Empty if the response has none.
    package var type: String
    /// TorchServe's own words.
    package var message: String
    /// The operation that failed.
    package var operation: TorchServeOperation

    package init(status: Int, type: String, message: String, operation: TorchServeOperation) {
        self.status = status
        self.type = type
        self.message = message
        self.operation = operation
    }

    /// Reads the JSON of an error response. Any other body becomes the message.
    init(status: Int, body: [UInt8], operation: TorchServeOperation) {
        struct Answer: Decodable {
            var type: String?
            var message: String?
        }
        let answer = try? JSONDecoder().decode(Answer.self, from: Data(body))
        let text = String(decoding: body.prefix(2000), as: UTF8.self)
        self.init(status: status, type: answer?.type ?? "", message: answer?.message ?? text, operation: operation)
    }
}
