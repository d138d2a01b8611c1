import LabSupport

/// The same file for a builder that lacks something. Every instruction keeps its line, so that messages name the right one.
extension Dockerfile {
    /// Whether a line `# syntax=` names a version of Docker's own language. Another one can't be left out.
    package var namesDockersSyntax: Bool {
        let names = [
            "docker/dockerfile", "docker.io/docker/dockerfile", "docker/dockerfile-upstream", "docker.io/docker/dockerfile-upstream",
        ]
        return syntax.map { names.contains(String($0.prefix { $0 != ":" && $0 != "@" })) } ?? false
    }

    /// The image after `# syntax=`.
    package var syntax: String? { directives.first { $0.name == "syntax" }?.value }

    /// The file without `# syntax=`. A directive counts only above the first comment, so the comment that replaces the line comes last.
    package var withoutSyntax: [UInt8] {
        let places = directives.map(\.place.line)
        let kept = directives.filter { $0.name != "syntax" }.map { line($0.place.line) }
        let block = kept + Array(repeating: "#", count: places.count - kept.count)
        var lines = lines
        for (place, text) in zip(places, block) where lines.indices.contains(place - 1) { lines[place - 1] = text }
        return Self.bytes(lines)
    }

    /// Whether a RUN keeps downloads in a cache of the builder, and can do without.
    package var hasCacheMounts: Bool { instructions.contains { $0.leavesOutCaches && !$0.cacheMounts.isEmpty } }

    /// The file without the caches of RUN. At its end, the RUN deletes what would have been in the cache, so that the image is the same.
    /// Only for commands in the shell form without a heredoc; other instructions stay as they are.
    package var withoutCacheMounts: [UInt8] {
        var lines = lines
        for instruction in instructions where instruction.leavesOutCaches {
            let mounts = instruction.cacheMounts
            guard !mounts.isEmpty else { continue }
            let targets = mounts.map(\.target).joined(separator: " ")
            for mount in mounts.reversed() {
                let index = mount.flag.place.line - 1
                var line = Array(lines[index].unicodeScalars)
                let start = mount.flag.place.column - 1
                guard line.indices.contains(start) else { continue }
                let end = line[start...].firstIndex { $0.properties.isWhitespace } ?? line.endIndex
                // A mount makes its folder, too. The command begins behind the last flag.
                let isLast = mount.flag == instruction.flags.last
                line.replaceSubrange(start..<end, with: isLast ? Array("mkdir -p \(targets) &&".unicodeScalars) : [])
                lines[index] = line.text
            }
            // Only files: apt expects its folders.
            lines[instruction.lines.upperBound - 1] += " && { find \(targets) -type f -delete || true; }"
        }
        return Self.bytes(lines)
    }

    private static func bytes(_ lines: [String]) -> [UInt8] { Array(lines.map { $0 + "\n" }.joined().utf8) }
}

extension DockerfileInstruction {
    /// Whether its caches can be left out: commands can be added to the shell form only.
    var leavesOutCaches: Bool { form == .shell && heredocs.isEmpty }

    func isCacheMount(_ flag: Flag) -> Bool { cacheMounts.contains { $0.flag == flag } }

    fileprivate struct CacheMount {
        var flag: Flag
        var target: String
    }

    /// `--mount=type=cache,target=…`
    fileprivate var cacheMounts: [CacheMount] {
        guard name == "RUN", !isTrigger else { return [] }
        return flags.compactMap { flag in
            guard flag.name == "mount", flag.values.contains("type=cache") else { return nil }
            let target = flag.values.firstNonNil { part in
                ["target=", "dst=", "destination="].first { part.hasPrefix($0) }.map { String(part.dropFirst($0.count)) }
            }
            return target.map { CacheMount(flag: flag, target: $0) }
        }
    }
}

extension DockerfileInstruction.Flag {
    /// The parts of `type=cache,target=/x`.
    var values: [String] { (value ?? "").split(separator: ",").map(String.init) }
}
