package import LabFile
package import LabSupport

package struct TaskStarted: Sendable, Equatable, Codable {
    package var title: Text
    package var expectedSeconds: Int
    /// The equal command lines.
    package var commands: [String]
    /// The hash of everything that the result depends on.
    package var fingerprint: String
}

package struct TaskFinished: Sendable, Equatable, Codable {
    package enum Outcome: String, Sendable, Codable {
        case succeeded
        /// Nothing was done, because the machine already is as the task would leave it.
        case satisfied
        case failed
        case cancelled
        /// Not started, because a task that it needs failed.
        case blocked
        /// The student has to do something first.
        case waiting
        /// This machine can't do it, for example because it has no GPU. What was tried is in the task's facts.
        case unavailable
    }

    package var outcome: Outcome
    package var seconds: Double
    package var fingerprint: String
    package var error: LabError?
    /// The task that prevented it.
    package var blockedBy: TaskID?

    package init(outcome: Outcome, seconds: Double, fingerprint: String, error: LabError? = nil, blockedBy: TaskID? = nil) {
        self.outcome = outcome
        self.seconds = seconds
        self.fingerprint = fingerprint
        self.error = error
        self.blockedBy = blockedBy
    }
}

/// A container of an earlier run was still running, and this run follows it.
package struct Reattached: Sendable, Equatable, Codable {
    package var container: String
    package var run: Int?

    package init(container: String, run: Int? = nil) {
        self.container = container
        self.run = run
    }
}

package struct Progress: Sendable, Equatable, Codable {
    package enum Unit: String, Sendable, Codable {
        case bytes
        case steps
        case layers
        case epochs
        case seconds
        case items
    }

    package var label: Text
    package var done: Double
    /// Nil if it's unknown.
    package var total: Double?
    package var unit: Unit
    /// The instruction of a build that this is about. Instructions may run at the same time, and each has its own events.
    package var step: BuildStep?
}

/// An instruction of a build.
package struct BuildStep: Sendable, Equatable, Codable {
    package enum State: String, Sendable, Codable {
        case running
        /// The result came from the cache.
        case cached
        case done
        case failed
        /// Stopped, because another instruction failed.
        case stopped
    }

    /// The same in all events of this instruction, and of no other of this build.
    package var id: String
    package var state: State
    /// How long it ran, if the builder says so.
    package var seconds: Double?
    /// The line of the Dockerfile that it begins in, if it was found there.
    package var line: Int?

    package init(id: String, state: State, seconds: Double? = nil, line: Int? = nil) {
        self.id = id
        self.state = state
        self.seconds = seconds
        self.line = line
    }
}

/// Bytes that were appended to `output.log` unchanged.
package struct Output: Sendable, Equatable, Codable {
    package enum Stream: String, Sendable, Codable {
        case stdout
        case stderr
        /// Output of the engine or of ailab's own tools, such as build steps.
        case engine
    }

    package var stream: Stream
    package var offset: Int
    package var length: Int

    package init(stream: Stream, offset: Int, length: Int) {
        self.stream = stream
        self.offset = offset
        self.length = length
    }
}

package struct Metric: Sendable, Equatable, Codable {
    /// `loss`, `accuracy`, `samples_per_second`, …
    package var name: String
    package var value: Double
    package var epoch: Double?
    package var step: Double?
    /// Other numbers from the same line.
    package var more: [String: Double]?
}

/// A container waits for a terminal. When the container exits, the task ends.
package struct ShellReady: Sendable, Equatable, Codable {
    package var container: String
    package var commands: [String]
}

package struct ShellEnded: Sendable, Equatable, Codable {
    package var exitCode: Int
}
