import FoundationEssentials

/// What a model answered.
package struct TorchServePrediction: Sendable, Equatable {
    /// A label and how likely it is; a handler that answers with the bare label gives no probability.
    package struct Candidate: Sendable, Equatable {
        package var label: String
        package var probability: Double?

        package init(label: String, probability: Double?) {
            self.label = label
            self.probability = probability
        }
    }

    /// The answer as it came.
    package var body: [UInt8]
    /// The labels, the likeliest first; empty where the answer is neither a map of labels nor a single label.
    package var candidates: [Candidate]

    package init(body: [UInt8]) {
        self.body = body
        candidates = Self.candidates(in: body)
    }

    private static func candidates(in body: [UInt8]) -> [Candidate] {
        let data = Data(body)
        let decoder = JSONDecoder()
        if let map = try? decoder.decode([String: Double].self, from: data) {
            // Equal probabilities need an order of their own: a dictionary has none.
            return map.map { Candidate(label: $0.key, probability: $0.value) }
                .sorted { ($1.probability ?? 0, $0.label) < ($0.probability ?? 0, $1.label) }
        }
        if let number = try? decoder.decode(Int.self, from: data) { return [Candidate(label: String(number), probability: nil)] }
        if let text = try? decoder.decode(String.self, from: data) { return [Candidate(label: text, probability: nil)] }
        return []
    }
}
