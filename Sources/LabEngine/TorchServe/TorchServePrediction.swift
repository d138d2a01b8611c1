import FoundationEssentials

/// A model's response to a prediction.
package struct TorchServePrediction: Sendable, Equatable {
    /// A label and its probability. A handler that returns only a label gives no probability.
    package struct Candidate: Sendable, Equatable {
        package var label: String
        package var probability: Double?

        package init(label: String, probability: Double?) {
            self.label = label
            self.probability = probability
        }
    }

    /// The response as it came.
    package var body: [UInt8]
    /// The labels, most likely first. Empty if the response is neither a map of labels nor a single label.
    package var candidates: [Candidate]

    package init(body: [UInt8]) {
        self.body = body
        candidates = Self.candidates(in: body)
    }

    /// The response as text.
    package var text: String { String(decoding: body, as: UTF8.self) }

    private static func candidates(in body: [UInt8]) -> [Candidate] {
        let data = Data(body)
        let decoder = JSONDecoder()
        if let map = try? decoder.decode([String: Double].self, from: data) {
            // A dictionary has no order, so equal probabilities are sorted by label.
            return map.map { Candidate(label: $0.key, probability: $0.value) }
                .sorted { ($1.probability ?? 0, $0.label) < ($0.probability ?? 0, $1.label) }
        }
        if let number = try? decoder.decode(Int.self, from: data) { return [Candidate(label: String(number), probability: nil)] }
        if let text = try? decoder.decode(String.self, from: data) { return [Candidate(label: text, probability: nil)] }
        return []
    }
}
