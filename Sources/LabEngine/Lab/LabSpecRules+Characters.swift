import LabSupport

extension LabSpecRules {
    /// No text has characters that control a terminal, reorder the text around them, or can't be seen. ailab shows nothing of them, so what
    /// the student reads isn't what runs.
    func checkCharacters() {
        source.eachScalar { path, text in
            guard reporter.takes(.warning), let (hazard, _) = Self.firstHazard(in: text) else { return }
            reporter.report(LabWording.hazard(hazard), at: source.position(of: hazard, in: path), severity: .warning)
        }
        for file in prose {
            guard let (hazard, offset) = Self.firstHazard(in: file.text) else { continue }
            let before = file.text.unicodeScalars.prefix(offset)
            let line = before.count { $0 == "\n" } + 1
            let column = before.reversed().prefix { $0 != "\n" }.count + 1
            reporter.report(
                LabWording.hazard(hazard), at: LabPosition(file: file.path, line: line, column: column), severity: .warning)
        }
    }

    /// The first such character and its offset. Joiners count only if nothing joins there.
    private static func firstHazard(in text: String) -> (Unicode.Scalar, Int)? {
        // A text without any is the rule.
        if HarmlessText.isPlain(text, linesAllowed: true) { return nil }
        for (offset, scalar) in text.unicodeScalars.enumerated() where scalar.hazard != nil {
            if scalar == "\u{200C}" || scalar == "\u{200D}", SafeLines.clean(text: text).unicodeScalars.contains(scalar) { continue }
            return (scalar, offset)
        }
        return nil
    }
}

extension LabSource {
    /// The first place of a character at or after the start of a value. The start itself if the file has it as an escape, such as `\u202e`.
    ///
    /// Compared as scalars: within a `String`, such a character belongs to the one before it.
    fileprivate func position(of scalar: Unicode.Scalar, in path: LabPath) -> LabPosition {
        let start = position(path)
        let lines = lines
        for line in lines.indices.dropFirst(start.line - 1) {
            let skipped = line == start.line - 1 ? start.column - 1 : 0
            guard let place = lines[line].enumerated().first(where: { $0.offset >= skipped && $0.element == scalar }) else { continue }
            return LabPosition(file: file, line: line + 1, column: place.offset + 1)
        }
        return start
    }
}
