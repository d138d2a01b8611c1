package import LabFile
package import LabRunner
package import LabSupport

/// A box over the screen that takes the keys until it is closed.
package enum Overlay: Sendable, Equatable {
    case help(offset: Int)
    case palette(Palette)
    case search(String)
    case filter(String)
    /// Sentences to read, such as what is wrong with a file of the student's.
    case notes(Text, [Text])
    case steps(selection: Int)
    case confirm(Confirmation)
    /// What the doctor sees of the machine.
    case doctor(DoctorBox)
    /// A container's shell waits to be entered.
    case shell(TaskID, ShellReady)
}

/// Commands by name.
package struct Palette: Sendable, Equatable {
    package var text = ""
    package var selection = 0

    package init() {}
}

/// A question before something that cannot be taken back.
package struct Confirmation: Sendable, Equatable {
    package var title: Text
    package var lines: [Text]
    /// What is done on Enter.
    package var effects: [AppEffect]
}
