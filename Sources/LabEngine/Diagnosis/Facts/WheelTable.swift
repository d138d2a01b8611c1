/// Which build of torch runs on a graphics card with a driver and a Python. It's the only source of every index that ailab prints.
package struct WheelTable: Sendable {
    /// A version with a major and a minor number.
    package struct Version: Sendable, Hashable, Comparable {
        var major: Int
        var minor: Int

        /// Reads `12.8`; anything else is 0.0.
        package init(_ text: String) {
            let parts = text.split(separator: ".").map { Int($0) ?? 0 }
            major = parts.first ?? 0
            minor = parts.count > 1 ? parts[1] : 0
        }

        package static func < (a: Version, b: Version) -> Bool { (a.major, a.minor) < (b.major, b.minor) }
    }

    /// One row. A range has its first and its last version; without a range, any value will do.
    package struct Row: Sendable {
        /// Compute capabilities.
        var card: [Version]
        /// The newest CUDA version that the driver supports.
        var driver: [Version]
        var python: [Version]
        /// What `pip install` takes.
        package var install: String
        /// The same on Windows, where PyPI's torch has no CUDA.
        package var windows: String?
        /// The CUDA version in words.
        package var cuda: String
        package var source: String
        /// The day on which somebody checked the row, as `2026-11-28`.
        package var date: String
    }

    /// The newest CUDA version of each driver branch, such as 580.
    package struct Drivers: Sendable {
        package var newest: [String: String] = [:]
        package var source = ""
        /// The day on which somebody checked it.
        package var date = ""
    }

    /// The words whose values decide the row.
    static let sources: Set<String> = ["CARD", "DRIVER_CUDA", "DRIVER", "PYTHON_VERSION"]

    let rows: [Row]
    let drivers: Drivers

    /// The values of `TORCH` and `TORCH_CUDA` for what an output names: `CARD`, `DRIVER_CUDA`, `DRIVER` and `PYTHON_VERSION`.
    func values(_ named: [String: String], isWindows: Bool) -> [String: String] {
        let card = named["CARD"].map(Self.capability)
        let driver = named["DRIVER_CUDA"].map(Self.cuda) ?? named["DRIVER"].flatMap(supported(by:))
        let python = named["PYTHON_VERSION"].map(Self.python)
        let row = rows.first { row in
            Self.fits(card, row.card) && Self.fits(driver, row.driver) && Self.fits(python, row.python)
        }
        guard let row else { return [:] }
        return ["TORCH": isWindows ? row.windows ?? row.install : row.install, "TORCH_CUDA": row.cuda]
    }

    /// The newest CUDA version of a driver branch. A branch that the table doesn't have supports at least what the one before it does.
    private func supported(by branch: String) -> Version? {
        guard let number = Int(branch) else { return nil }
        let older = drivers.newest.compactMap { key, cuda in Int(key).map { (branch: $0, cuda: cuda) } }.filter { $0.branch <= number }
        return older.max { $0.branch < $1.branch }.map { Version($0.cuda) }
    }

    private static func fits(_ value: Version?, _ range: [Version]) -> Bool {
        guard let first = range.first, let last = range.last else { return true }
        return value.map { first <= $0 && $0 <= last } ?? false
    }

    /// `86` and `120` as the compiler writes them, or `8.6`.
    private static func capability(_ text: String) -> Version {
        text.contains(".") ? Version(text) : Version("\(text.dropLast()).\(text.suffix(1))")
    }

    /// `12080` as CUDA writes it, or `12.8`.
    private static func cuda(_ text: String) -> Version {
        guard !text.contains("."), let number = Int(text), number >= 1000 else { return Version(text) }
        return Version("\(number / 1000).\(number % 1000 / 10)")
    }

    /// `3.12`, or `312` as file names have it.
    private static func python(_ text: String) -> Version {
        text.contains(".") ? Version(text) : Version("\(text.prefix(1)).\(text.dropFirst())")
    }
}
