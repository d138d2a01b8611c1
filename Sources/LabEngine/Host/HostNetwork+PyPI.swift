import LabSupport

extension HostNetwork {
    mutating func readPyPIIndex(environment: [String: String], root: HostRoot) {
        var found: Sourced<String>?
        for name in ["AILAB_PYPI_INDEX", "PIP_INDEX_URL"] where found == nil {
            if let value = environment[name], !value.isEmpty { found = Sourced(value, from: name) }
        }
        guard let index = found ?? PipConfiguration.read(environment: environment, root: root).value("index-url") else { return }
        guard !index.value.hasPrefix("https://pypi.org/") else { return }
        // Images are pushed and shared, so a password must not be written to one.
        guard !Redaction.hasCredentials(index.value) else {
            problems.append(
                Text(
                    en:
                        "The Python index in \(index.origin) has a password in its address. ailab does not use it or write it to images.",
                    zh: "\(index.origin) 中的 Python 索引地址带有密码，ailab 不会把它写入镜像，也不会使用它。"))
            return
        }
        guard index.value.hasPrefix("http://") || index.value.hasPrefix("https://") else {
            problems.append(
                Text(
                    en: "The Python index in \(index.origin) is not a web address, so a build cannot reach it. ailab does not use it.",
                    zh: "\(index.origin) 中的 Python 索引不是网址，构建时无法访问，ailab 不会使用它。"))
            return
        }
        pypiIndex = index
    }
}
