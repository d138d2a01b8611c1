import Testing

@testable import ContainerEngine
@testable import DockerfileCheck
@testable import LabRunner
@testable import LabSupport

@Suite("The log of a build whose instructions run side by side")
struct BuildLogTests {
    private let one = BuildKitStep(id: "1", words: "RUN one", place: .init(stage: "a", index: 2, count: 2))
    private let two = BuildKitStep(id: "2", words: "RUN two", place: .init(stage: "b", index: 2, count: 2))

    private static func text(_ pieces: [BuildLog.Piece]) -> String {
        pieces.map { piece in
            switch piece {
            case .heading(let step): "[\(step.words)]"
            case .output(_, let bytes): String(decoding: bytes, as: UTF8.self)
            case .end: "."
            }
        }.joined()
    }

    @Test("The output of one waits until the other ends")
    func waits() {
        var log = BuildLog()
        var pieces = log.begin(one)
        pieces += log.begin(two)
        pieces += log.output(one, .stdout, Array("a".utf8), time: 1)
        pieces += log.output(two, .stdout, Array("x".utf8), time: 1.5)
        pieces += log.output(one, .stderr, Array("b".utf8), time: 2)
        #expect(Self.text(pieces) == "[RUN one]ab")
        pieces += log.end(one, .done(seconds: 1))
        pieces += log.output(two, .stdout, Array("y".utf8), time: 9)
        pieces += log.end(two, .cached)
        #expect(Self.text(pieces) == "[RUN one]ab.[RUN two]xy.")
        #expect(log.finish() == [])
    }

    @Test("One that is silent gives way, and gets its heading again")
    func silent() {
        var log = BuildLog()
        var pieces = log.begin(one) + log.begin(two) + log.output(one, .stdout, Array("a".utf8), time: 1)
        pieces += log.output(two, .stdout, Array("x".utf8), time: 4)
        pieces += log.output(one, .stdout, Array("b".utf8), time: 4.5)
        pieces += log.end(two, .done(seconds: 1))
        pieces += log.end(one, .done(seconds: 1))
        #expect(Self.text(pieces) == "[RUN one]a[RUN two]x.[RUN one]b.")
    }

    @Test("Much output doesn't wait, and nothing is lost when the build breaks off")
    func limits() {
        var log = BuildLog()
        _ = log.begin(one) + log.begin(two)
        #expect(log.output(two, .stdout, Array(repeating: 0x61, count: 1000), time: 0).isEmpty)
        #expect(log.output(two, .stdout, Array(repeating: 0x61, count: 300_000), time: 0).count == 3)
        #expect(log.output(one, .stdout, Array("b".utf8), time: 0).isEmpty)
        #expect(Self.text(log.finish()) == "[RUN one]b")
    }

    @Test("BuildKit's numbers of instructions are found in the file")
    func numbers() {
        let file = Dockerfile(
            Array(
                """
                ARG BASE=debian
                FROM ${BASE} AS Build
                ENV A=1
                RUN make
                FROM build
                COPY a b
                FROM scratch
                COPY --from=1 a b

                """.utf8))
        func found(_ stage: String?, _ index: Int, _ count: Int, _ words: String) -> Int? {
            file.instruction(stage: stage, index: index, count: count, words: words)?.number
        }
        #expect(found("build", 1, 2, "FROM docker.io/library/debian") == 2)
        #expect(found("build", 2, 2, "RUN make") == 4)
        #expect(found("stage-1", 1, 1, "COPY a b") == 6)
        #expect(found("stage-2", 1, 1, "COPY --from=1 a b") == 8)
        // A base image that adds instructions, another instruction, and another stage.
        #expect(found("build", 3, 3, "RUN make") == nil && found("build", 2, 2, "COPY x y") == nil && found("other", 1, 2, "FROM x") == nil)
        let single = Dockerfile(Array("FROM a AS only\nRUN b\n".utf8))
        #expect(single.instruction(stage: nil, index: 2, count: 2, words: "RUN b")?.number == 2)
    }

    @Test("Left out: `# syntax=`, and caches of RUN. Every instruction keeps its line")
    func leftOut() {
        let file = Dockerfile(Array("# syntax=docker/dockerfile:1\n# escape=`\nFROM a\n".utf8))
        #expect(file.namesDockersSyntax)
        #expect(String(decoding: file.withoutSyntax, as: UTF8.self) == "# escape=`\n#\nFROM a\n")
        #expect(!Dockerfile(Array("# syntax=example.org/mine:1\nFROM a\n".utf8)).namesDockersSyntax)
        #expect(!Dockerfile(Array("FROM a\n".utf8)).namesDockersSyntax)
        let caches = Dockerfile(
            Array(
                """
                FROM a
                RUN --mount=type=cache,id=x,target=/var/cache/apt \\
                    --mount=target=/root/.cache/pip,type=cache apt-get update \\
                 && pip install torch
                RUN --mount=type=secret,id=y true
                RUN --mount=type=cache,target=/c ["true"]

                """.utf8))
        #expect(caches.hasCacheMounts)
        #expect(
            String(decoding: caches.withoutCacheMounts, as: UTF8.self) == """
                FROM a
                RUN  \\
                    mkdir -p /var/cache/apt /root/.cache/pip && apt-get update \\
                 && pip install torch && { find /var/cache/apt /root/.cache/pip -type f -delete || true; }
                RUN --mount=type=secret,id=y true
                RUN --mount=type=cache,target=/c ["true"]

                """)
        #expect(Dockerfile(caches.withoutCacheMounts).instructions.map(\.lines) == caches.instructions.map(\.lines))
    }

    @Test("Instructions that run at the same time stand side by side, and a failed one stays")
    func sideBySide() {
        var record = TaskRecord()
        func add(_ id: String, _ state: BuildStep.State) {
            record.add(
                .progress(Progress(label: Text(verbatim: id), done: 1, total: 3, unit: .steps, step: BuildStep(id: id, state: state))),
                time: 0)
        }
        func shown() -> String { record.progress.map { "\($0.label.en) \($0.step?.state.rawValue ?? "")" }.joined(separator: ", ") }
        add("a", .running)
        add("b", .running)
        #expect(shown() == "a running, b running")
        add("a", .done)
        #expect(shown() == "b running")
        add("b", .cached)
        #expect(shown() == "b cached")
        add("c", .running)
        add("d", .running)
        add("c", .failed)
        add("d", .stopped)
        #expect(shown() == "c failed")
    }
}
