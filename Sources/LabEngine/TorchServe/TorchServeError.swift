import FoundationEssentials

/// An answer by which TorchServe refused a request or failed at it.
package struct TorchServeError: Error, Sendable, Equatable {
    /// The HTTP status.
    package var status: Int
    /// The name of TorchServe's exception, such as `ModelNotFoundException`; empty where the answer names none.
    package var type: String
    /// TorchServe's own words.
    package var message: String
    /// What was being done.
    package var operation: TorchServeOperation

    package init(status: Int, type: String, message: String, operation: TorchServeOperation) {
        self.status = status
        self.type = type
        self.message = message
        self.operation = operation
    }

    /// TorchServe read its list of workers while it changed: 0.12 does so when workers start or stop. Nothing has failed, and the next answer is
    /// right.
    package var isRace: Bool { status == 500 && type == "ConcurrentModificationException" }

    /// Reads the JSON of an error answer; anything else becomes the message as it is.
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

/// An answer that is not what TorchServe's API promises: some other program listens there.
package struct TorchServeProtocolError: Error, Sendable, Equatable {
    package var operation: TorchServeOperation
    /// The beginning of what came instead.
    package var body: String
}

/// What a request is for. A worker that dies means something else while a model is loaded than while it is asked.
package enum TorchServeOperation: String, Sendable {
    case ping
    case list
    case describe
    case register
    case scale
    case unregister
    case predict
    case metrics

    /// Whether the request can be sent again without another effect.
    var canRepeat: Bool {
        switch self {
        case .ping, .list, .describe, .scale, .metrics: true
        case .register, .unregister, .predict: false
        }
    }
}
