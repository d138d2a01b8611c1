import LabSupport

extension LabSpecRules {
    /// Reports a text that isn't a number above 0 when its variables are filled in. A text that can't be filled in is reported elsewhere.
    func checkPositive(_ text: String, at path: LabPath) {
        guard let number = filled(text), LabMeasure.number(number) == nil else { return }
        let isTooLarge = (Double(number) ?? 0) > LabMeasure.maximum
        report(isTooLarge ? LabWording.tooLarge(number, most: Int(LabMeasure.maximum)) : LabWording.notAboveZero(number), at: path)
    }

    /// Regular expressions, checksums, ports and the values of each kind of action and check have the correct form.
    func checkValues() {
        for use in uses {
            switch use.subject {
            case .match(let match): check(match, at: use.path)
            case .checksum(let sum): check(checksum: sum, at: use.path)
            case .port(let port): check(port: port, at: use.path)
            case .namedImage, .variable, .image, .server, .container, .newContainer, .model, .labFile, .labFolder, .workspacePath, .inside:
                break
            }
        }
        for (task, path) in tasks {
            for (index, check) in task.checks.enumerated() {
                switch check.subject {
                case .http(let http): self.check(http, at: path["checks"][index]["http"])
                case .json(_, let pointer, _): self.check(pointer: pointer, at: path["checks"][index]["json"]["pointer"])
                case .engine, .image, .container, .absent, .logs, .output, .file, .command, .inside, .model, .prediction: break
                }
            }
            for (index, erratum) in task.errata.enumerated() {
                if let sign = erratum.sign { _ = compiles(sign.pattern, at: path["errata"][index]["found"]["pattern"]) }
            }
            task.action.kind.check(with: self, at: path["action"][task.action.key])
        }
    }

    /// The sources of images name releases and packages, and files below the root.
    func checkSources() {
        for image in spec.images {
            for (index, source) in image.sources.enumerated() {
                let path = LabPath()["images"][image.name]["sources"][index]
                switch source {
                case .pull: break
                case .debian(let suite, let include, _):
                    if let suite = filled(suite), !DebianName.isRelease(suite) {
                        report(LabWording.badRelease(suite), at: path["debian"]["suite"])
                    }
                    for (place, package) in include.enumerated() {
                        guard let name = filled(package), !DebianName.isPackage(name) else { continue }
                        report(LabWording.badPackage(name), at: path["debian"]["include"][place])
                    }
                case .busybox(_, _, let files):
                    for (place, file) in files.enumerated() {
                        guard let name = filled(file.path), name.split(separator: "/").contains("..") else { continue }
                        report(LabWording.pathLeaves(name), at: path["busybox"]["files"][place]["path"])
                    }
                }
            }
        }
    }

    /// Servers have usable ports.
    func checkServers() {
        for server in spec.servers {
            let path = LabPath()["servers"][server.name]
            check(port: server.inferencePort, at: path["inference_port"])
            check(port: server.managementPort, at: path["management_port"])
            check(port: server.metricsPort, at: path["metrics_port"])
            if let file = filled(server.keyFile), !file.hasPrefix("/") {
                report(LabWording.pathNotAbsolute(file), at: path["key_file"])
            }
        }
    }

    /// True if the regular expression is valid, or if nobody asks. Otherwise it's reported.
    func compiles(_ pattern: String, at path: LabPath) -> Bool {
        guard isThorough else { return true }
        do {
            _ = try ForeignPattern.compile(pattern)
            return true
        } catch {
            report(LabWording.badPattern(pattern, reason: String(describing: error)), at: path)
            return false
        }
    }

    private func check(_ match: LabMatch, at path: LabPath) {
        guard !match.pattern.isEmpty, let pattern = try? template.fill(pattern: match.pattern) else { return }
        guard compiles(pattern, at: path["pattern"]) else { return }
        if isThorough, match.capture != nil || match.atLeast != nil, !Self.hasGroup(pattern) {
            report(LabWording.noGroup, at: path["pattern"])
        }
        if let least = match.atLeast.flatMap(filled), Double(least) == nil {
            report(LabWording.notANumber(least), at: path["at_least"])
        }
    }

    /// True if the pattern has a capturing group: `(…)` or `(?<name>…)`, neither escaped nor in brackets.
    static func hasGroup(_ pattern: String) -> Bool {
        var rest = Substring(pattern)
        var inBrackets = false
        while let character = rest.popFirst() {
            switch character {
            case "\\": rest = rest.dropFirst()
            case "[": inBrackets = true
            case "]": inBrackets = false
            case "(" where !inBrackets:
                let named = rest.prefixMatch(of: /\?P?<[^=!]/) != nil
                if named || !rest.hasPrefix("?") { return true }
            default: break
            }
        }
        return false
    }

    private static func isSHA256(_ sum: String) -> Bool {
        sum.utf8.count == 64 && sum.utf8.allSatisfy { Character(Unicode.Scalar($0)).isHexDigit }
    }

    private func check(checksum: String, at path: LabPath) {
        guard let sum = filled(checksum), !Self.isSHA256(sum) else { return }
        report(LabWording.badChecksum(digits: sum.count), at: path)
    }

    private func check(port: String, at path: LabPath) {
        guard let port = filled(port) else { return }
        if let number = Int(port), (1...65535).contains(number) { return }
        report(LabWording.badPort(port), at: path)
    }

    private static func isWebAddress(_ url: String) -> Bool {
        ["http://", "https://"].contains { url.hasPrefix($0) && url != $0 } && !url.contains(where: \.isNewline)
    }

    private func check(_ http: LabHTTPCheck, at path: LabPath) {
        if let url = filled(http.url), !Self.isWebAddress(url) {
            report(LabWording.badURL(url), at: path["url"])
        }
        if let pointer = http.pointer { check(pointer: pointer, at: path["pointer"]) }
        if http.equals != nil, http.pointer == nil { report(LabWording.equalsWithoutPointer, at: path["equals"]) }
    }

    /// The empty pointer means the whole response.
    private func check(pointer: String, at path: LabPath) {
        if !pointer.isEmpty, !pointer.hasPrefix("/") { report(LabWording.badPointer(pointer), at: path) }
    }

    /// A task with a result must have checks.
    func checkChecks() {
        for (task, path) in tasks where task.checks.isEmpty && task.action.hasResult {
            report(LabWording.noChecks(task.id), at: path["id"], severity: .warning)
        }
        checkContainerNames()
    }

    /// Two tasks that start different containers with the same name undo each other's checks. A server may be started again.
    private func checkContainerNames() {
        var owners: [String: TaskID] = [:]
        for (task, path) in tasks {
            for use in task.uses(at: path) {
                guard case .newContainer(let written) = use.subject, let name = filled(written) else { continue }
                if let owner = owners[name] {
                    report(LabWording.sharedContainer(written, owner), at: use.path, severity: .warning)
                } else {
                    owners[name] = task.id
                }
            }
        }
    }
}
