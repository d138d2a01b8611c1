import LabFile

/// A report as somebody submitted it: the members of its JSON that a grader needs. Nothing in it is to be trusted.
struct SubmittedReport: Decodable, Sendable {
    struct Title: Decodable, Sendable {
        var en: String
        var zh: String
    }

    struct Lab: Decodable, Sendable {
        var id: String
        var title: Title
        var digest: String
        var studentVariables: [StudentVariable]?
    }

    struct StudentVariable: Decodable, Sendable {
        var name: String
        var between: [Int]?
        var among: [String]?
        /// The tasks that depend on it. Nil if the report doesn't say.
        var tasks: [String]?

        /// Nil if nothing that can be chosen is in it.
        var values: LabStudentValues? {
            if let between, between.count == 2, between[0] < between[1] { return .between(between[0], between[1]) }
            return among.flatMap { $0.isEmpty ? nil : .among($0) }
        }
    }

    struct Predictions: Decodable, Sendable {
        var all: Int
        var right: Int
    }

    struct Caution: Decodable, Sendable {
        var code: String
    }

    struct Chain: Decodable, Sendable {
        var first: String?
        var head: String?
        var lines: Int
        var broken: Int
        var unlinked: Int
    }

    struct Run: Decodable, Sendable {
        var run: Int
        var began: Double?
        var ended: Double?
        var seconds: Double
        var outcome: String
        var unreadable: Int
        var missing: Int
        var chain: Chain?
        var studentValues: [String: String]?
        var setBack: Double?
    }

    struct Object: Decodable, Sendable {
        var kind: String
        var id: String?
    }

    struct Label: Decodable, Sendable {
        var label: String
    }

    struct Prediction: Decodable, Sendable {
        var model: String
        var picture: String
        var expected: [String]
        var top: [Label]
        var right: Bool
    }

    struct Training: Decodable, Sendable {
        var accuracy: Double?
    }

    struct Attempt: Decodable, Sendable {
        var run: Int
        var began: Double
        var outcome: String
        var created: [Object]
        var predictions: [Prediction]
        var training: Training?
    }

    struct Hints: Decodable, Sendable {
        var opened: Int
    }

    struct Task: Decodable, Sendable {
        var task: String
        var state: String
        var byHand: Bool
        var reference: Bool
        var ownFile: Bool
        var hints: Hints?
        var counted: Int?
        var attempts: [Attempt]

        /// The attempt whose results the report shows.
        var shown: Attempt? {
            if let counted { return attempts.indices.contains(counted) ? attempts[counted] : nil }
            return attempts.last { !(state == "done" && $0.outcome == "failed") }
        }
    }

    var schema: Int
    var type: String
    var author: String
    var version: String
    var made: Double
    var workspace: String?
    var lab: Lab
    var done: Int
    var all: Int
    var states: [String: Int]
    var ended: Double?
    var seconds: Double
    var accuracy: Double?
    var predictions: Predictions
    var cautions: [Caution]
    var tasks: [Task]
    var runs: [Run]
    var besidesChain: Chain?
}
