import DockerfileCheck
import Foundation
import LabFile
import LabRunner
import TestSupport
import Testing

/// The lab's own Dockerfile as a beginner could write it, with one mistake.
struct BeginnerMistake: Sendable {
    var what: String
    /// A line of the good file, and what the beginner writes.
    var change: (from: String, to: String)
    var code: String
    var line: Int

    static let good = """
        ARG BASE=debian:trixie-slim
        FROM ${BASE}
        RUN apt-get update \\
         && apt-get install -y --no-install-recommends ca-certificates python3 python3-pip \\
         && rm -rf /var/lib/apt/lists/*
        RUN pip install --no-cache-dir --break-system-packages torch==2.8.0 torchvision==0.23.0
        WORKDIR /app
        COPY mnist_model.py train.py prepare_data.py unpack_mnist.py ./
        ENTRYPOINT ["python3", "/app/train.py"]

        """

    static let all = [
        BeginnerMistake("FROM is forgotten", "FROM ${BASE}\n", "", "from-missing", 1),
        BeginnerMistake("an instruction is misspelt", "WORKDIR /app", "WORKDRI /app", "unknown-instruction", 7),
        BeginnerMistake("a file of another folder is copied", "COPY mnist_model.py", "COPY src/mnist_model.py", "source-missing", 8),
        BeginnerMistake("a file above the folder is copied", "COPY mnist_model.py", "COPY ../train/mnist_model.py", "outside-context", 8),
        BeginnerMistake("`pip instal`", "pip install", "pip instal", "misspelt-command", 6),
        BeginnerMistake("`apt-get update` is forgotten", "apt-get update \\\n && ", "", "apt-without-update", 3),
        BeginnerMistake("`-y` is forgotten", "install -y", "install", "apt-without-yes", 4),
        BeginnerMistake("the backslash before `&&` is forgotten", "apt-get update \\", "apt-get update", "lone-operator", 4),
        BeginnerMistake("typographic quotes", "[\"python3\", \"/app/train.py\"]", "[“python3”, “/app/train.py”]", "broken-array", 9),
        BeginnerMistake("the closing bracket is forgotten", "\"/app/train.py\"]", "\"/app/train.py\"", "broken-array", 9),
        BeginnerMistake("several files into no folder", "unpack_mnist.py ./", "unpack_mnist.py /app", "target-not-folder", 8),
        BeginnerMistake("the program in the shell form", "[\"python3\", \"/app/train.py\"]", "python3 /app/train.py", "want-missing", 9),
        BeginnerMistake("Debian's pip without its flag", " --break-system-packages", "", "pip-managed-python", 6),
        BeginnerMistake("pip isn't installed", " python3 python3-pip", " python3", "program-not-installed", 6),
        BeginnerMistake("a Chinese comma", "mnist_model.py train.py", "mnist_model.py，train.py", "wide-mark", 8),
        BeginnerMistake("sudo", "RUN pip install", "RUN sudo pip install", "sudo", 6),
        BeginnerMistake("a script is not copied", " unpack_mnist.py", "", "want-missing", 9),
    ]

    init(_ what: String, _ from: String, _ to: String, _ code: String, _ line: Int) {
        self.what = what
        change = (from, to)
        self.code = code
        self.line = line
    }

    var file: String { Self.good.replacing(change.from, with: change.to) }

    static func spec(device: String = "cpu") throws -> LabSpec {
        let path = URL(filePath: #filePath).appending(path: "../../../../labs/lab5.yaml").standardizedFileURL.path()
        let raw = try LabSpecLoader.spec(path: path)
        let builtIns = ["user": "student", "workspace": "/workspace", "lab": raw.directory, "device": device, "run": "1"]
        return try raw.filled(by: Template(LabVariables.resolve(spec: raw, set: [:], quick: false, builtIns: builtIns)))
    }

    /// The lab's exam for the file that the student writes.
    static func exam(_ path: String, device: String = "cpu") throws -> DockerfileExam {
        let spec = try spec(device: device)
        let action = try #require(spec.fileAction(of: path))
        return try #require(DockerfileExam(action, in: spec))
    }
}
