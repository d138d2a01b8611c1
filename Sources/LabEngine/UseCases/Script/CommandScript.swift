import LabFile
import LabReport
package import LabSupport

/// A whole run as a script of plain `docker` and `curl` commands, for `sh`.
package struct CommandScript: Sendable {
    /// The commands of one sub-step.
    struct Section: Sendable {
        var task: TaskID
        var title: Text
        /// What a reader has to know.
        var notes: [Text] = []
        /// Lines of the script.
        var lines: [String] = []
    }

    var title: Text
    var version: String
    /// Assignments of the folders, ready for the script.
    var lab: String
    var cache: String
    /// The folder for what the run makes, below the current one.
    var work: String
    var sections: [Section]
    /// The names of the containers that it makes.
    var containers: [String]
    var usesServer: Bool
    var usesBuilds: Bool
    /// The runs used Podman.
    var usesPodman = false

    /// The number of sub-steps.
    package var count: Int { sections.count }

    /// The whole script.
    package func text(_ language: Language) -> String {
        var parts = [head(language)]
        if usesPodman { parts.append(Self.podman(language)) }
        if usesBuilds { parts.append(Self.builder(language)) }
        if usesServer { parts.append(Self.server(language)) }
        if !containers.isEmpty { parts.append(names(language)) }
        for section in sections {
            let notes = section.notes.map { Self.comment($0[language]) }
            let head = Self.comment("\(section.task) \(section.title[language])")
            parts.append((["# " + String(repeating: "-", count: 60), head] + notes + section.lines).joined(separator: "\n"))
        }
        return parts.joined(separator: "\n\n") + "\n"
    }

    /// Writes a file that can be executed, either completely or not at all.
    package func write(_ text: String, to path: String) throws(LabError) { try ReportFile.write(text, to: path, mode: 0o755) }

    /// A comment can't end early, whatever is in it.
    static func comment(_ text: String) -> String {
        text.split(whereSeparator: \.isNewline).map { "# \(SafeLines.clean(text: String($0)))" }.joined(separator: "\n")
    }

    private func head(_ language: Language) -> String {
        let words = Text(
            en: """
                \(title.en): the commands that made the results of this workspace, each after those that it needs.
                Written by ailab \(version). It needs docker, curl, and best an engine of its own: images get their names again.
                What it makes goes into $WORK. $LAB is the lab's folder. $CACHE holds stand-ins for images that no registry had.
                """,
            zh: """
                \(title.zh)：得到本工作区成果的全部命令，每条命令都排在它所依赖的命令之后。
                由 ailab \(version) 生成。需要 docker 和 curl，最好在单独的引擎上运行：镜像会重新获得它们的名称。
                产生的文件放在 $WORK。$LAB 是实验的目录。$CACHE 中是替代镜像（没有镜像仓库能提供原镜像）。
                """)
        return """
            #!/bin/sh
            \(Self.comment(words[language]))
            set -eu
            lab=\(lab)
            work=$(pwd)/\(work)
            cache=\(cache)
            [ -z "${LAB:-}" ] || lab=$LAB
            [ -z "${WORK:-}" ] || work=$WORK
            [ -z "${CACHE:-}" ] || cache=$CACHE
            mkdir -p "$work"
            """
    }

    private static func podman(_ language: Language) -> String {
        let words = Text(en: "The runs used Podman, which takes the same words.", zh: "运行时使用的是 Podman，命令写法相同。")
        return "\(comment(words[language]))\ndocker() { podman \"$@\"; }"
    }

    private static func builder(_ language: Language) -> String {
        let words = Text(
            en: "Builds an image. A client without BuildKit gets the Dockerfile without cache mounts; the image is the same.",
            zh: "构建镜像。如果客户端没有 BuildKit，则去掉 Dockerfile 中的缓存挂载；镜像内容相同。")
        return """
            \(comment(words[language]))
            build() {
                file=$1
                shift
                if docker buildx version >/dev/null 2>&1; then
                    docker build -f "$file" "$@"
                else
                    sed 's/--mount=type=cache[^ ]* *//' "$file" >"$work/.Dockerfile"
                    DOCKER_BUILDKIT=0 docker build -f "$work/.Dockerfile" "$@"
                fi
            }
            """
    }

    private static func server(_ language: Language) -> String {
        let api = Text(
            en: "Asks a server with its own key, which it wrote into a file when it started. The key is on no command line.",
            zh: "用服务器自己的密钥访问它：密钥由服务器启动时写入文件，不会出现在命令行中。")
        let wait = Text(en: "Repeats a command until it succeeds, at most so many times.", zh: "重复执行一个命令直到成功，最多这么多次。")
        return """
            \(comment(api[language]))
            api() {
                kind=$1
                shift
                key=$(docker exec "$server" cat "$key_file" | tr -d '\\n' |
                    sed -n "s/.*\\"$kind\\": *{[^}]*\\"key\\": *\\"\\([^\\"]*\\)\\".*/\\1/p")
                printf 'header = "Authorization: Bearer %s"\\n' "$key" | curl -fsS -K - "$@"
            }
            answers() { api inference "$1" >/dev/null 2>&1; }
            ready() { api management "$1" 2>/dev/null | grep -q '"status": *"READY"'; }
            \(comment(wait[language]))
            wait_for() {
                left=$1
                shift
                until "$@"; do
                    left=$((left - 1))
                    [ "$left" -gt 0 ] || { echo "gave up: $*" >&2; exit 1; }
                    sleep 1
                done
            }
            """
    }

    private func names(_ language: Language) -> String {
        let words = Text(en: "The names of its containers must be free.", zh: "它的容器名称必须未被占用。")
        return """
            \(Self.comment(words[language]))
            for name in \(containers.joined(separator: " ")); do
                if docker container inspect "$name" >/dev/null 2>&1; then
                    echo "There is a container $name already. Remove it first: docker rm -f $name" >&2
                    exit 1
                fi
            done
            """
    }

    /// A file as a here-document. Nil if its text can't be in a script.
    static func file(_ path: String, _ bytes: [UInt8], _ words: ScriptWords) -> [String]? {
        guard let text = String(validating: bytes, as: UTF8.self), words.isPublic(text) else { return nil }
        guard !text.unicodeScalars.contains(where: { $0.hazard != nil }) else { return nil }
        let lines = text.split(separator: "\n", omittingEmptySubsequences: false)
        var mark = "END"
        while lines.contains(where: { $0 == mark }) { mark += "_" }
        return ["cat >\(path) <<'\(mark)'"] + (lines.last == "" ? lines.dropLast() : lines[...]).map(String.init) + [mark]
    }
}
