import ArgumentParser
import LabFile
import LabSupport

extension LabOptions {
    /// The numbers of the lab's steps and sub-steps.
    static let stepCompletion = CompletionKind.custom { words, _, _ in
        guard let spec = spec(in: words) else { return ["all"] }
        return spec.steps.map { String($0.number) } + spec.tasks.map(\.id.description) + ["all"]
    }

    /// The labs in the folders that are searched.
    static let labCompletion = CompletionKind.custom { _, _, _ in
        let names = folders.flatMap { Files.names(in: $0) }.filter { $0.hasSuffix(".yaml") || $0.hasSuffix(".yml") }
        return Set(names.map { String($0.prefix { $0 != "." }) }).sorted()
    }

    /// The lab that the command line so far is about.
    private static func spec(in words: [String]) -> LabSpec? {
        let value = words.firstIndex(of: "--lab").flatMap { words.indices.contains($0 + 1) ? words[$0 + 1] : nil }
        guard let options = try? LabOptions.parse(value.map { ["--lab", $0] } ?? []), let file = try? options.labFile() else { return nil }
        return LabSpecLoader.load(path: file).spec
    }
}
