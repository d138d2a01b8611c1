package import LabSupport

/// A message for the student that is neither output nor a failure.
package struct Notice: Sendable, Equatable, Codable {
    package enum Level: String, Sendable, Codable {
        case info
        case warning
    }

    package var level: Level
    /// A stable identifier with dots.
    package var code: String
    package var text: Text

    package init(level: Level, code: String, text: Text) {
        self.level = level
        self.code = code
        self.text = text
    }
}

/// A fact that a task found out. A table has several lines.
package struct Fact: Sendable, Equatable, Codable {
    /// A stable identifier with dots.
    package var name: String
    package var text: Text
    /// The same as a table, if it is one.
    package var table: ResultTable?

    package init(name: String, text: Text, table: ResultTable? = nil) {
        self.name = name
        self.text = text
        self.table = table
    }
}

package struct SourceChosen: Sendable, Equatable, Codable {
    /// The image or file.
    package var what: String
    package var source: String
    /// True if something else is used instead of the original.
    package var standIn: Bool
    package var text: Text

    package init(what: String, source: String, standIn: Bool, text: Text) {
        self.what = what
        self.source = source
        self.standIn = standIn
        self.text = text
    }
}

package struct SourceFailed: Sendable, Equatable, Codable {
    package var what: String
    package var source: String
    package var error: LabError

    package init(what: String, source: String, error: LabError) {
        self.what = what
        self.source = source
        self.error = error
    }
}

/// An object that now exists on the engine or in the workspace.
package struct Created: Sendable, Equatable, Codable {
    package enum Kind: String, Sendable, Codable {
        case image
        case container
        case network
        case file
    }

    package var kind: Kind
    package var name: String
    package var id: String?

    package init(kind: Kind, name: String, id: String? = nil) {
        self.kind = kind
        self.name = name
        self.id = id
    }
}

/// The result of a check: the expected value, the found one, and the closest match.
package struct CheckResult: Sendable, Equatable, Codable {
    package enum Standing: String, Sendable, Codable {
        case passed
        case failed
        /// It held when the task was done. A later task ended it on purpose.
        case past
    }

    package var kind: String
    package var standing: Standing
    package var wanted: Text
    package var found: Text
    package var nearest: Text?
    package var advice: Text?

    package init(kind: String, standing: Standing, wanted: Text, found: Text, nearest: Text? = nil, advice: Text? = nil) {
        self.kind = kind
        self.standing = standing
        self.wanted = wanted
        self.found = found
        self.nearest = nearest
        self.advice = advice
    }
}

package struct Captured: Sendable, Equatable, Codable {
    package var name: String
    package var value: String

    package init(name: String, value: String) {
        self.name = name
        self.value = value
    }
}

/// A model's prediction for a picture whose content is known.
package struct Prediction: Sendable, Equatable, Codable {
    /// A label and its probability, 0…1.
    package struct Label: Sendable, Equatable, Codable {
        package var label: String
        package var probability: Double

        package init(label: String, probability: Double) {
            self.label = label
            self.probability = probability
        }
    }

    package var model: String
    package var picture: String
    package var expected: [String]
    /// The best first, five at most.
    package var top: [Label]
    package var right: Bool
    package var seconds: Double

    package init(model: String, picture: String, expected: [String], top: [Label], right: Bool, seconds: Double) {
        self.model = model
        self.picture = picture
        self.expected = expected
        self.top = top
        self.right = right
        self.seconds = seconds
    }
}
