package import LabRunner
package import LabSupport

/// Everything that the screen shows. Only `AppUpdate` changes it.
package struct AppModel: Sendable {
    package var size: Size
    package var settings: Settings
    package var lab = LabState()
    package var walkthrough = WalkthroughState()
    package var telemetry = TelemetryState()
    /// Boxes over the screen. The last one is on top.
    package var overlays: [Overlay] = []
    /// The box on top opened by itself a moment ago. It takes no keys yet.
    package var hasFreshBox = false
    /// The message in the last line. The next key removes it.
    package var message: Message?
    /// The time of the last event that carried one.
    package var now: Double

    package init(size: Size, settings: Settings, now: Double) {
        self.size = size
        self.settings = settings
        self.now = now
    }

    package var look: Look { settings.look }

    package func say(_ text: Text) -> String { text[settings.language] }

    /// The options of the next run: those of the last one or the saved ones, with what the command line asks for.
    package var options: RunOptions { settings.asked.applied(to: lab.progress.options) }
}

/// The settings that the student can change.
package struct Settings: Sendable, Equatable {
    package var language: Language
    package var look: Look
    package var usesMouse = false
    /// How many seconds of the recording a demo plays in one second. Nil if this isn't a demo.
    package var demoSpeed: Double?
    package var keys = Keys()
    /// The settings of the command line. They count until the student saves others.
    package var asked = RunSettings()
    /// The words that mean this lab in another command. None for the usual one.
    package var labWords: [String] = []
    /// How many seconds the student's clock is ahead of UTC.
    package var utcOffset = 0

    package init(language: Language, look: Look) {
        self.language = language
        self.look = look
    }
}

/// A message in the last line.
package struct Message: Sendable, Equatable {
    package var text: Text
    package var isFailure: Bool
}
