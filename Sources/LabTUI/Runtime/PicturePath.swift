import LabSupport

/// A path that the student types.
struct PicturePath {
    private let typed: String
    private let home: String

    init(_ typed: String, home: String) {
        self.typed = typed
        self.home = home
    }

    /// The file that it names.
    var file: String {
        if typed == "~" { return home }
        return Files.absolute(typed.hasPrefix("~/") ? "\(home)/\(typed.dropFirst(2))" : typed)
    }

    private static let endings = [".png", ".jpg", ".jpeg"]
    private static let limit = 500

    /// The folders and pictures whose paths begin with what was typed, written as the student began them.
    var completions: [String] {
        let written = typed.lastIndex(of: "/").map { String(typed[...$0]) } ?? ""
        let beginning = typed.dropFirst(written.count)
        let folder = PicturePath(written.isEmpty ? "." : written, home: home).file
        let fitting = Files.names(in: folder).filter { name in
            name.hasPrefix(beginning) && (!name.hasPrefix(".") || beginning.hasPrefix("."))
                // A name that isn't UTF-8 can't be typed, and a control character isn't shown.
                && !name.unicodeScalars.contains { $0 == "\u{FFFD}" || $0.properties.generalCategory == .control }
        }
        let paths = fitting.sorted().prefix(Self.limit).compactMap { name -> String? in
            if Files.isDirectory("\(folder)/\(name)") { return "\(written)\(name)/" }
            return Self.endings.contains { name.lowercased().hasSuffix($0) } ? written + name : nil
        }
        return paths.filter { !$0.hasSuffix("/") } + paths.filter { $0.hasSuffix("/") }
    }
}
