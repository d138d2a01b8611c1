/// The one line of TorchServe's log that matters.
enum TorchServeLog {
    /// The first Python error. A later `No module named 'ts.torch_handler.X'` only hides it.
    static func decisive(_ log: String) -> String? {
        guard let regex = try? Regex("([A-Za-z_.]+(Error|Exception|Exit)): .+") else { return nil }
        for line in log.split(separator: "\n") where !line.contains("ts.torch_handler") {
            if let match = line.firstMatch(of: regex) { return String(line[match.range]) }
        }
        return nil
    }
}
