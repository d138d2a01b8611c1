import LabSupport
import TestSupport
import Testing

/// What the student writes by hand, in the walkthrough, without an engine.
@Suite struct StudentPathTests {
    private static let lab = "\(Program.checkout)/labs/lab5.yaml"

    private static func dockerfile(_ pip: String) -> String {
        """
        ARG BASE=debian:trixie-slim
        FROM ${BASE}
        RUN apt-get update \\
         && apt-get install -y --no-install-recommends python3-torch python3-torchvision python3-pip \\
         && rm -rf /var/lib/apt/lists/*
        RUN pip \(pip) --no-cache-dir --break-system-packages tqdm
        WORKDIR /app
        COPY mnist_model.py train.py prepare_data.py unpack_mnist.py ./
        ENTRYPOINT ["python3", "/app/train.py"]

        """
    }

    /// An editor that writes what it's told to, and another program that saves the file behind it.
    private func prepare(_ home: TemporaryDirectory) throws -> [String: String] {
        try Files.write(Array(Self.dockerfile("instal").utf8), to: home.path + "/draft")
        let script = "#!/bin/sh\nfor last; do :; done\ncp '\(home.path)/draft' \"$last\"\n"
        try Files.write(Array(script.utf8), to: home.path + "/editor", mode: 0o755)
        return [
            "AILAB_HOME": home.path + "/w", "HOME": home.path, "PATH": "/usr/bin:/bin", "LANG": "C.UTF-8", "EDITOR": home.path + "/editor",
            "DOCKER_HOST": "unix:///nonexistent/docker.sock",
        ]
    }

    @Test func theFileIsWatchedFromItsFirstLineToItsTick() async throws {
        let home = try TemporaryDirectory()
        try await TmuxSession.with(try prepare(home), columns: 120, rows: 40) { session in
            try await session.command("clear; \(Program.path) --lab \(Self.lab)")
            try await session.shows("1.1 What this machine has")
            try await session.press("3")
            try await session.shows("there is no Dockerfile.train yet", "Enter write your Dockerfile.train")
            try await session.press("Enter")
            try await session.shows("6 │ RUN pip instal", "1 mistake in line 6", "Enter edit at line 6")
            try Files.write(Array(Self.dockerfile("install").utf8), to: home.path + "/w/work/lab5/Dockerfile.train")
            try await session.shows("No mistakes.", "3.1 is done", "✔ 3.1 Write your Dockerfile")
            try await session.press("q")
            try await session.isBack()
        }
    }

    @Test func theSameByLines() throws {
        let home = try TemporaryDirectory()
        let environment = try prepare(home).map { "\($0.key)='\($0.value)'" }.joined(separator: " ")
        let output = home.path + "/out"
        let command = "printf '3.1\\n\\nq\\n' | env \(environment) AILAB_LANG=en '\(Program.path)' --linear --lab '\(Self.lab)'"
        #expect(try Shell.run("\(command) > '\(output)' 2>&1", in: home.path) == 0)
        let text = try Files.text(output)
        #expect(text.contains("Enter: write your Dockerfile.train"), "\(text)")
        #expect(!text.contains("for reading"), "\(text)")
    }
}
