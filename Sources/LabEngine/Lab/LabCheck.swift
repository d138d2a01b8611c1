package import LabSupport

/// A condition that must be true once a task is done.
package struct LabCheck: Sendable, Equatable {
    package var subject: LabCheckSubject
    /// The task after which the condition no longer has to be true. For example, a server answers only until the task that stops it.
    package var until: TaskID?
    /// The advice for a check that fails. Nil for the default advice of this kind of check.
    package var advice: Text?

    package init(subject: LabCheckSubject, until: TaskID? = nil, advice: Text? = nil) {
        self.subject = subject
        self.until = until
        self.advice = advice
    }
}

/// The subject of a check. Each case is one key of a check in the lab file.
package enum LabCheckSubject: Sendable, Equatable {
    /// `engine: true` — the engine answers.
    case engine
    /// `image: REFERENCE` — the engine has this image.
    case image(reference: String)
    /// `container:` — the container exists in this state and, if given, with this exit code.
    case container(name: String, state: LabContainerState, exitCode: Int?)
    /// `absent: NAME` — there is no container with this name.
    case absent(container: String)
    /// `logs:` — a container's output matches. A captured number may have a lower bound.
    case logs(container: String, match: LabMatch)
    /// `output:` — the task's own output matches.
    case output(match: LabMatch)
    /// `file:` — the workspace has this file.
    case file(path: String, minimumBytes: Int, sha256: String?)
    /// `json:` — a value in a JSON file of the workspace matches.
    case json(path: String, pointer: String, match: LabMatch)
    /// `command:` — a command in a running container prints something that matches, at the latest after some seconds.
    case command(LabCommandCheck)
    /// `inside:` — a running container has this file.
    case inside(container: String, path: String, minimumBytes: Int)
    /// `http:` — an address of this machine gives the expected response.
    case http(LabHTTPCheck)
    /// `model:` — the server has the model, and a worker is READY.
    case model(server: String, name: String)
    /// `prediction:` — the model's first label for each picture is correct.
    case prediction(server: String, model: String, cases: [LabPredictionCase])
}

extension LabCheckSubject {
    /// True for a condition that also holds on a machine where nothing was ever done.
    package var isAbsence: Bool { if case .absent = self { true } else { false } }
}

package enum LabContainerState: String, Sendable, CaseIterable {
    case running
    case exited
}

/// A regular expression that matches anywhere in a text.
package struct LabMatch: Sendable, Hashable {
    package var pattern: String
    /// The name under which the journal stores the first group.
    package var capture: String?
    /// The minimum of the captured number. It can contain `${variables}`.
    package var atLeast: String?

    package init(pattern: String, capture: String? = nil, atLeast: String? = nil) {
        self.pattern = pattern
        self.capture = capture
        self.atLeast = atLeast
    }
}

extension LabMatch {
    /// The text that the pattern looks for, if the pattern is nothing but a text, perhaps between `\b`, `^` and `$`.
    package var words: String? {
        var rest = Substring(pattern)
        for edge in ["^", "\\b"] where rest.hasPrefix(edge) { rest = rest.dropFirst(edge.count) }
        for edge in ["$", "\\b"] where rest.hasSuffix(edge) { rest = rest.dropLast(edge.count) }
        var text = ""
        while let character = rest.popFirst() {
            if character == "\\" {
                // Only an escaped punctuation mark stands for itself.
                guard let next = rest.popFirst(), next.isPunctuation || next.isSymbol else { return nil }
                text.append(next)
            } else if ".*+?()[]{}|^$".contains(character) {
                return nil
            } else {
                text.append(character)
            }
        }
        return text.isEmpty ? nil : text
    }
}

/// A command in a running container, and what it must print.
package struct LabCommandCheck: Sendable, Equatable {
    package var container: String
    package var command: [String]
    package var match: LabMatch
    /// How many seconds after its action a task may need until this holds. Nil if it must hold at once.
    package var within: Int?

    package init(container: String, command: [String], match: LabMatch, within: Int? = nil) {
        self.container = container
        self.command = command
        self.match = match
        self.within = within
    }
}

/// A GET request and the expected response.
package struct LabHTTPCheck: Sendable, Equatable {
    package var url: String
    package var status: Int
    /// A JSON Pointer (RFC 6901) into the response.
    package var pointer: String?
    /// The expected value at the pointer.
    package var equals: String?
    /// The server whose token is sent, if the server requires one.
    package var server: String?

    package init(url: String, status: Int, pointer: String? = nil, equals: String? = nil, server: String? = nil) {
        self.url = url
        self.status = status
        self.pointer = pointer
        self.equals = equals
        self.server = server
    }
}
