import Diagnosis
import Foundation
import LabEngine
import LabFile
import LabRunner
import LabSupport
import LabTUI

/// What students write for 3.1, and builds of it that failed.
enum StudentScene {
    static let right = """
        ARG BASE=debian:trixie-slim
        FROM ${BASE}
        RUN apt-get update \\
         && apt-get install -y --no-install-recommends python3-torch python3-torchvision \\
         && rm -rf /var/lib/apt/lists/*
        WORKDIR /app
        COPY mnist_model.py train.py prepare_data.py unpack_mnist.py ./
        ENTRYPOINT ["python3", "/app/train.py"]

        """

    /// A package is misspelt, which only the build finds.
    static let misspelt = right.replacing("python3-torchvision", with: "python3-torchvison")

    /// A file of another folder, and pip misspelt.
    static let wrong = """
        ARG BASE=debian:trixie-slim
        FROM ${BASE}
        RUN apt-get update \\
         && apt-get install -y --no-install-recommends python3-torch python3-pip \\
         && rm -rf /var/lib/apt/lists/*
        RUN pip instal torchvision
        WORKDIR /app
        COPY src/mnist_model.py train.py prepare_data.py unpack_mnist.py ./

        """

    static let begun = 1_795_368_430.0
    private static let build = TaskID(step: 3, number: 3)

    /// A run that built 3.3 from the file with the misspelt package, and failed at the first RUN. `finding`: the diagnosis found the cause.
    static func failedBuild(_ finding: Finding? = packageMissing) -> [Event] {
        let head = #""schema":1,"time":\#(begun)"#
        let start = #"\#(head),"seq":1,"type":"runStarted","run":1,"lab":"lab5","labFile":"lab5.yaml","version":"0","pid":1"#
        let options = #""options":{"auto":false,"quick":false,"force":false,"device":"auto","set":{},"terminal":true}"#
        let title = #""title":{"en":"Build the training image","zh":"构建训练镜像"}"#
        let label = #""label":{"en":"RUN apt-get update","zh":"RUN apt-get update"}"#
        let lines = [
            #"{\#(start),"selection":"3.3","tasks":[],\#(options)}"#,
            #"{\#(head),"seq":2,"task":"3.3","type":"taskStarted","expectedSeconds":180,"fingerprint":"x","commands":[],\#(title)}"#,
            #"{\#(head),"seq":3,"task":"3.3","type":"progress",\#(label),"done":3,"total":9,"unit":"steps"}"#,
        ]
        let error = LabError(
            .buildFailed, Text(en: "The command returned 100.", zh: "命令返回 100。"), cause: "E: Unable to locate package python3-torchvison")
        let end = Event(
            sequence: 6, time: begun + 20, payload: .runFinished(RunFinished(outcome: .failed, exitCode: 1, seconds: 20)))
        let failed = Event(
            sequence: 5, time: begun + 20, task: build,
            payload: .taskFinished(TaskFinished(outcome: .failed, seconds: 20, fingerprint: "x", error: error, blockedBy: nil)))
        let found = finding.map { Event(sequence: 4, time: begun + 20, task: build, payload: .finding($0)) }
        return lines.compactMap(event) + [found, failed, end].compactMap(\.self)
    }

    static let packageMissing = Finding(
        cause: "apt-package-missing", title: Text(en: "apt can't find this package", zh: "apt 找不到该软件包"),
        why: Text(en: "The name is misspelt, or another release has the package.", zh: "名称拼写有误，或者该软件包属于其他发行版。"),
        evidence: Finding.Evidence(line: 40, text: "E: Unable to locate package python3-torchvison"),
        remedies: [
            Remedy(
                Text(en: "Write the name that Debian uses.", zh: "请写 Debian 中的名称。"),
                commands: ["RUN apt-get install -y python3-torchvision"],
                place: .file)
        ])

    /// The network is at fault, and the file isn't.
    static let nameServer = Finding(
        cause: "dns", title: Text(en: "The name server doesn't answer", zh: "域名服务器没有响应"),
        why: Text(en: "Nothing can be downloaded.", zh: "无法下载任何内容。"),
        evidence: Finding.Evidence(line: 40, text: "Temporary failure resolving 'deb.debian.org'"),
        remedies: [
            Remedy(Text(en: "Restart the resolver.", zh: "重启解析服务。"), commands: ["systemctl restart systemd-resolved"], needs: [.person])
        ])

    /// A look that found a task done.
    static func done(_ task: TaskID) -> Event {
        Event(sequence: 1, time: begun, task: task, payload: .looked(Looked(.done, checks: nil)))
    }
}

extension Session {
    /// The student's file for 3.1, as the watch reports it.
    mutating func saved(_ text: String?, _ state: StudentFile.State = .own, at time: Double = StudentScene.begun - 60) throws {
        let lab = try Fixture.lab()
        guard let text, let action = lab.fileAction(of: "Dockerfile.train") else {
            return take(.fileExamined(ExaminedFile("Dockerfile.train", .missing, bytes: [], review: nil, modified: nil)))
        }
        let bytes = Array(text.utf8)
        let review = DockerfileExam(action, in: lab)?.review(bytes)
        take(.fileExamined(ExaminedFile(action.path, state, bytes: bytes, review: review, modified: time)))
    }

    /// The template of 3.1, as the editor finds it.
    mutating func savedTemplate() throws {
        let lab = try Fixture.lab()
        try saved(String(decoding: try Files.read("\(lab.directory)/train/Dockerfile.template"), as: UTF8.self), .template)
    }
}
