/// A process as `/proc` describes it.
package struct ProcessEntry: Sendable, Equatable {
    package var pid: Int32
    var parent: Int32
    /// `Z` for a process that has ended but was not reaped.
    var state: Character
    /// Ticks since the boot. Together with the pid, they identify a process.
    var startTicks: UInt64
    package var arguments: [String]

    package var isAlive: Bool { state != "Z" && state != "X" }
    /// The program's name without its folder.
    package var program: String { arguments.first.map { String($0.split(separator: "/").last ?? "") } ?? "" }

    /// Every value of `--name value` or `--name=value`.
    func options(_ names: [String]) -> [String] {
        var values: [String] = []
        for (index, argument) in arguments.enumerated() {
            for name in names {
                if argument == name, index + 1 < arguments.count { values.append(arguments[index + 1]) }
                if argument.hasPrefix(name + "=") { values.append(String(argument.dropFirst(name.count + 1))) }
            }
        }
        return values
    }
}
