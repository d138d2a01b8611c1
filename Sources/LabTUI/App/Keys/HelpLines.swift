/// The keys with what they do, in groups.
enum HelpLines {
    static func lines(_ model: AppModel, columns: Int) -> [RichLine] {
        let look = model.look
        let keys = { (words: String) in RichLine(words, look[.key]) }
        var lines: [RichLine] = []
        for group in KeyGroup.allCases {
            var rows = model.settings.keys.bindings.filter { $0.command.group == group }.map { binding in
                [keys(binding.keys.map(\.name).joined(separator: " ")), RichLine(model.say(binding.help))]
            }
            if group == .move { rows.insert([keys("1–9"), RichLine(model.say(.helpStep))], at: 0) }
            if !lines.isEmpty { lines.append(RichLine([])) }
            lines.append(RichLine(model.say(group.title), look[.heading]))
            lines += Table(rows).lines(columns: columns, ellipsis: look.glyphs.ellipsis)
        }
        return lines
    }
}
