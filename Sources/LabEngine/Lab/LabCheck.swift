package import LabSupport

/// Something that must be true of the machine once a task is done.
package struct LabCheck: Sendable, Equatable {
    package var subject: LabCheckSubject
    /// The task after which this need not hold any more: a server's answers last until the task that stops it.
    package var until: TaskID?
    /// What to do when it fails; nil: the engine's own advice for that kind of check.
    package var advice: Text?

    package init(subject: LabCheckSubject, until: TaskID? = nil, advice: Text? = nil) {
        self.subject = subject
        self.until = until
        self.advice = advice
    }
}

/// What is looked at. Each case is one key of a check in the lab file.
package enum LabCheckSubject: Sendable, Equatable {
    /// `engine: true` — the engine answers.
    case engine
    /// `image: REFERENCE` — the engine has it.
    case image(reference: String)
    /// `container:` — it exists in that state, with that exit code where given.
    case container(name: String, state: LabContainerState, exitCode: Int?)
    /// `absent: NAME` — no container of that name.
    case absent(container: String)
    /// `logs:` — what a container printed matches; a captured number may have a lower bound.
    case logs(container: String, match: LabMatch)
    /// `output:` — what the task itself printed matches.
    case output(match: LabMatch)
    /// `file:` — a file of the workspace.
    case file(path: String, minimumBytes: Int, sha256: String?)
    /// `json:` — a value in a JSON file of the workspace.
    case json(path: String, pointer: String, match: LabMatch)
    /// `inside:` — a file in a running container.
    case inside(container: String, path: String, minimumBytes: Int)
    /// `http:` — an address of this machine answers so.
    case http(LabHTTPCheck)
    /// `model:` — the server has the model with a worker that is READY.
    case model(server: String, name: String)
    /// `prediction:` — the model's first label for a picture is right.
    case prediction(server: String, model: String, cases: [LabPredictionCase])
}

package enum LabContainerState: String, Sendable, CaseIterable {
    case running
    case exited
}

/// A regular expression over text, found anywhere in it.
package struct LabMatch: Sendable, Hashable {
    package var pattern: String
    /// The name under which the first group is kept in the journal.
    package var capture: String?
    /// Least value of the captured number. May hold `${variables}`.
    package var atLeast: String?

    package init(pattern: String, capture: String? = nil, atLeast: String? = nil) {
        self.pattern = pattern
        self.capture = capture
        self.atLeast = atLeast
    }
}

/// A GET and the answer it must have.
package struct LabHTTPCheck: Sendable, Equatable {
    package var url: String
    package var status: Int
    /// JSON Pointer (RFC 6901) into the answer.
    package var pointer: String?
    /// What stands there.
    package var equals: String?
    /// The server whose token goes along, if it wants one.
    package var server: String?

    package init(url: String, status: Int, pointer: String? = nil, equals: String? = nil, server: String? = nil) {
        self.url = url
        self.status = status
        self.pointer = pointer
        self.equals = equals
        self.server = server
    }
}
