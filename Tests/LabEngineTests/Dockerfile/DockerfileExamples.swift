import LabSupport

@testable import DockerfileCheck

/// For each rule, a file that it must find and one that it must not.
struct DockerfileExample: Sendable {
    var code: String
    var bad: String
    var fine: String
    var setting: DockerfileSetting

    init(_ code: String, _ bad: String, _ fine: String, _ setting: DockerfileSetting = DockerfileExample.setting) {
        self.code = code
        self.bad = bad
        self.fine = fine
        self.setting = setting
    }

    static let setting = DockerfileSetting(
        builder: .classic,
        context: DockerfileContext(
            folder: "train", paths: ["train.py", "mnist_model.py", "requirements.txt", "src", "src/util.py", ".env"],
            ignored: ["secret.txt"]))

    static let wanting = DockerfileSetting(
        builder: .classic,
        wants: [
            DockerfileWant(
                text: Text(en: "the program", zh: "程序"), instructions: ["ENTRYPOINT"], patterns: ["train"], todo: 1,
                advice: Text(verbatim: "ENTRYPOINT [\"python3\", \"/app/train.py\"]"))
        ])

    static let misprinted = DockerfileSetting(
        builder: .classic,
        errata: [
            DockerfileErratum(
                printed: "FROM nvidia/cuda:10.1-cudnn7-devel", why: Text(en: "The tag is gone.", zh: "标签已删除。"),
                instead: Text(verbatim: "FROM debian:trixie-slim"), instructions: ["FROM"], pattern: "nvidia/cuda:10", isFatal: true)
        ])

    static let given = DockerfileSetting(builder: .classic, arguments: ["BASE": "debian:trixie-slim"], images: ["BASE"])

    static let from = "FROM debian:trixie-slim\n"

    static let all: [DockerfileExample] = syntax + instructions + stages + copies + builders + packages + runs + labs

    static let syntax = [
        DockerfileExample("empty-file", "# nothing\n\n", from),
        DockerfileExample("file-too-large", from + String(repeating: "# 0123456789\n", count: 170_000), from),
        DockerfileExample(
            "line-too-long", from + "RUN echo " + String(repeating: "x", count: 65_600),
            from + "RUN echo " + String(repeating: "x", count: 60_000)),
        DockerfileExample("nul-byte", from + "RUN echo a\0b\n", from + "RUN echo ab\n"),
        DockerfileExample("invalid-utf8", "", from + "# 中文\n"),
        DockerfileExample("byte-order-mark", "\u{FEFF}" + from, from),
        DockerfileExample("windows-line-ends", "FROM debian:trixie-slim\r\nUSER joe\r\n", from + "USER joe\n"),
        DockerfileExample("space-after-backslash", from + "RUN echo a \\ \n && echo b\n", from + "RUN echo a \\\n && echo b\n"),
        DockerfileExample("empty-continuation", from + "RUN echo a \\\n\n && echo b\n", from + "RUN echo a \\\n# why\n && echo b\n"),
        DockerfileExample("backslash-at-end", from + "RUN echo a \\\n", from + "RUN echo a\n"),
        DockerfileExample("bad-directive", "# escape=x\n" + from, "# escape=`\nFROM debian:trixie-slim\nRUN echo a `\n && echo b\n"),
        DockerfileExample("late-directive", from + "# syntax=docker/dockerfile:1\n", "# syntax=docker/dockerfile:1\n" + from),
        DockerfileExample("open-heredoc", from + "RUN <<EOF\necho a\n", from + "RUN <<EOF\necho a\nEOF\n"),
        DockerfileExample("open-quote", from + "RUN echo \"hello\n", from + "RUN echo \"it's\" 'a \"b\"' $(echo \"c $(echo d)\")\n"),
        DockerfileExample("wide-mark", from + "RUN apt-get update ＆＆ apt-get install -y git\n", from + "RUN echo '你好，世界'\n"),
        DockerfileExample("invisible-space", from + "RUN apt-get\u{00A0}update\n", from + "# a\u{00A0}b\nRUN echo 'a\u{00A0}b'\n"),
        DockerfileExample("lone-operator", from + "RUN apt-get update &&\nRUN echo\n", from + "RUN (cd /tmp; ls) && ls | wc -l || true\n"),
    ]

    static let instructions = [
        DockerfileExample("unknown-instruction", from + "RUM echo a\n", from + "run echo a\n"),
        DockerfileExample("missing-arguments", from + "WORKDIR\n", from + "WORKDIR /app\n"),
        DockerfileExample("broken-array", from + "CMD ['python3', 'train.py']\n", from + "CMD [\"python3\", \"train.py\"]\n"),
        DockerfileExample("array-not-strings", from + "CMD [\"sleep\", 5]\n", from + "CMD [\"sleep\", \"5\"]\n"),
        DockerfileExample("shell-form", from + "ENTRYPOINT python3 train.py\n", from + "ENTRYPOINT [\"python3\", \"train.py\"]\n"),
        DockerfileExample(
            "several-commands", from + "CMD [\"a\"]\nCMD [\"b\"]\n", from + "CMD [\"a\"]\nFROM debian:trixie-slim\nCMD [\"b\"]\n"),
        DockerfileExample(
            "swallowed-instruction", from + "RUN apt-get update \\\nCOPY train.py /app/\n",
            from + "RUN apt-get update\nCOPY train.py /app/\n"),
        DockerfileExample("lower-case-instruction", "from debian:trixie-slim\n", from),
        DockerfileExample("maintainer", from + "MAINTAINER joe\n", from + "LABEL maintainer=joe\n"),
        DockerfileExample("onbuild", from + "ONBUILD FROM alpine:3\n", from + "ONBUILD RUN echo a\n"),
        DockerfileExample(
            "too-many-layers", from + String(repeating: "RUN echo a\n", count: 130), from + String(repeating: "RUN echo a\n", count: 125)),
    ]

    static let stages = [
        DockerfileExample("from-missing", "RUN apt-get update\n", from),
        DockerfileExample("before-from", "WORKDIR /app\n" + from, "ARG TAG=trixie-slim\nFROM debian:${TAG}\nWORKDIR /app\n"),
        DockerfileExample("from-arguments", "FROM debian:trixie-slim build\n", "FROM debian:trixie-slim AS build\n"),
        DockerfileExample("image-name", "FROM Debian:trixie\n", "FROM registry.local:5000/Team/x:1\n".lowercased()),
        DockerfileExample("from-without-value", "FROM ${BASE}\n", "ARG BASE\nARG BASE=debian:trixie-slim\nFROM ${BASE}\n"),
        DockerfileExample("stage-name", "FROM debian:trixie-slim AS 1st\n", "FROM debian:trixie-slim AS first\n"),
        DockerfileExample("stage-twice", "FROM debian:12 AS a\nFROM debian:12 AS a\n", "FROM debian:12 AS a\nFROM a AS b\n"),
        DockerfileExample("image-misspelt", "FROM debain:trixie-slim\n", "FROM mydebian:trixie-slim\nFROM registry.local/debain:1\n"),
        DockerfileExample(
            "image-not-taken", from, "ARG BASE=python:3.12\nFROM python:3.12 AS tools\nFROM ${BASE}\nCOPY --from=tools /a /a\n", given),
        DockerfileExample("latest-tag", "FROM python\n", "FROM python@sha256:\(String(repeating: "a", count: 64))\nFROM scratch\n"),
    ]

    static let copies = [
        DockerfileExample("source-missing", from + "COPY src/mnist_model.py /app/\n", from + "COPY *.py src/ /app/\n"),
        DockerfileExample("source-ignored", from + "COPY secret.txt /app/\n", from + "COPY train.py /app/\n"),
        DockerfileExample("outside-context", from + "COPY ../train.py /app/\n", from + "COPY src/../train.py /app/\n"),
        DockerfileExample("absolute-source", from + "COPY /home/joe/train.py /app/\n", from + "COPY /train.py /app/\n"),
        DockerfileExample("destination-missing", from + "COPY train.py\n", from + "COPY train.py /app/\n"),
        DockerfileExample("target-not-folder", from + "COPY train.py mnist_model.py /app\n", from + "COPY train.py mnist_model.py /app/\n"),
        DockerfileExample(
            "copy-from-unknown", "FROM debian:12 AS build\nFROM debian:12\nCOPY --from=buld /a /a\n",
            "FROM debian:12 AS build\nFROM debian:12\nCOPY --from=build /a /a\nCOPY --from=0 /a /b\nCOPY --from=nginx:1.27 /a /c\n"),
        DockerfileExample("target-without-workdir", from + "COPY train.py ./\n", from + "WORKDIR /app\nCOPY train.py ./\n"),
        DockerfileExample("add-for-file", from + "ADD train.py /app/\n", from + "ADD https://example.org/a.tar.gz /app/\n"),
        DockerfileExample("secret-file", from + "COPY .env /app/\n", from + "COPY train.py /app/\n"),
    ]

    static let builders = [
        DockerfileExample(
            "heredoc-needs-buildkit", from + "RUN <<EOF\necho a\nEOF\n",
            from + "RUN cat <<EOF > /a \\\n && true\n".replacing("<<EOF", with: "a")),
        DockerfileExample("flag-needs-buildkit", from + "RUN --mount=type=bind,target=/x true\n", from + "RUN true --mount=x\n"),
        DockerfileExample(
            "builder-too-old", from + "RUN <<EOF\necho a\nEOF\n", from + "RUN --mount=type=cache,target=/x true\n",
            DockerfileSetting(builder: .buildKit, release: 2)),
        DockerfileExample(
            "cache-left-out", from + "RUN --mount=type=cache,target=/x true\n", from + "RUN true --mount=type=cache,target=/x\n"),
        DockerfileExample(
            "mount-needs-client", from + "RUN --mount=type=secret,id=a true\n", from + "RUN --mount=type=tmpfs,target=/x true\n",
            DockerfileSetting(builder: .buildKit, release: 17)),
        DockerfileExample("flag-ignored", from + "COPY --link train.py /app/\n", from + "COPY --chown=1:1 train.py /app/\n"),
        DockerfileExample("unknown-flag", from + "COPY --form=build a /a\n", from + "COPY --chown=1:1 train.py /app/\n"),
        DockerfileExample("syntax-ignored", "# syntax=docker/dockerfile:1\n" + from, "# a comment\n" + from),
    ]

    static let python = from + "RUN apt-get update && apt-get install -y python3-pip && rm -rf /var/lib/apt/lists/*\n"

    static let packages = [
        DockerfileExample(
            "apt-without-update", from + "RUN apt-get install -y git\n",
            from + "RUN apt-get update && apt-get install -y git && rm -rf /var/lib/apt/lists/*\n"),
        DockerfileExample(
            "apt-without-yes", from + "RUN apt-get update && apt-get install git\n",
            from + "RUN apt-get update && apt-get -qy install git\n"),
        DockerfileExample("apt-not-apt-get", from + "RUN apt update\n", from + "RUN apt-get update\n"),
        DockerfileExample("apt-lists-left", from + "RUN apt-get update && apt-get install -y git\n", python),
        DockerfileExample(
            "slow-matrices", from + "RUN apt-get update && apt-get install -y python3-torch\n",
            from + "RUN apt-get update && apt-get install -y libopenblas0-pthread\nRUN apt-get update && apt-get install -y python3-torch\n"
        ),
        DockerfileExample(
            "misspelt-command", from + "RUN pip instal torch\n", python + "RUN pip3 install --no-cache-dir --break-system-packages torch\n"),
        DockerfileExample(
            "misspelt-package", from + "RUN apt-get update && apt-get install -y python3-torchh=2.6.0\n",
            python + "RUN apt-get update && apt-get install -y openjdk-11-jre-headless python3-pil libopenblas0-pthread\n"
                + "RUN pip install --break-system-packages torchx torch==2.8.0 'numpy<3' ./numpyy\n"),
        DockerfileExample(
            "requirements-not-copied", python + "RUN pip install -r requirements.txt\n",
            python + "COPY requirements.txt /app/\nRUN pip install --break-system-packages -r /app/requirements.txt\n"),
        DockerfileExample(
            "pip-managed-python", python + "RUN pip install torch\n", python + "RUN pip install --break-system-packages torch\n"),
        DockerfileExample("pip-cache", python + "RUN pip install torch\n", python + "RUN pip install --no-cache-dir torch\n"),
        DockerfileExample(
            "program-not-installed", from + "RUN wget https://example.org/a\n", "FROM alpine:3\nRUN wget https://example.org/a\n"),
    ]

    static let runs = [
        DockerfileExample("cd-alone", from + "RUN cd /app\n", from + "RUN cd /app && ls\n"),
        DockerfileExample("export-alone", from + "RUN export USE_CUDA=1\n", from + "RUN export USE_CUDA=1 && env\n"),
        DockerfileExample("sudo", from + "RUN sudo apt-get update\n", from + "RUN apt-get update\n"),
        DockerfileExample(
            "user-before-install", from + "USER joe\nRUN apt-get update && apt-get install -y git\n",
            from + "USER joe\nUSER root\nRUN apt-get update && apt-get install -y git\n"),
        DockerfileExample("workdir-relative", from + "WORKDIR app\n", from + "WORKDIR /srv\nWORKDIR app\n"),
        DockerfileExample("env-spaces", from + "ENV A = b\n", from + "ENV A=\"b c\" D='e'\n"),
        DockerfileExample("env-form", from + "ENV A=b C\n", from + "ENV A=b C=\n"),
        DockerfileExample("arg-form", from + "ARG A = b\n", from + "ARG A=b\n"),
        DockerfileExample("env-without-sign", from + "ENV PYTHONUNBUFFERED TRUE\n", from + "ENV PYTHONUNBUFFERED=TRUE\n"),
        DockerfileExample("bad-port", from + "EXPOSE 8080,8081\n", from + "EXPOSE 8080 8081/udp 9000-9010 $PORT\n"),
        DockerfileExample("port-mapping", from + "EXPOSE 8080:80\n", from + "EXPOSE 8080\n"),
        DockerfileExample("secret-variable", from + "ENV API_TOKEN=abc123\n", from + "ENV API_TOKEN_FILE=/run/token\nARG API_TOKEN\n"),
        DockerfileExample("arg-before-from", "ARG V=1\n" + from + "RUN echo $V\n", "ARG V=1\n" + from + "ARG V\nRUN echo $V\n"),
        DockerfileExample("misspelt-variable", from + "ENV APPDIR=/app\nWORKDIR $APPDRI\n", from + "ENV APPDIR=/app\nWORKDIR $APPDIR\n"),
    ]

    static let labs = [
        DockerfileExample(
            "todo-left", from + "ENTRYPOINT [\"echo\", \"TODO 1: train\"]\n", "# TODO 1: write it\n" + from + "ENTRYPOINT [\"train\"]\n",
            wanting),
        DockerfileExample("want-missing", from + "CMD [\"train\"]\n", from + "ENTRYPOINT [\"train\"]\n", wanting),
        DockerfileExample(
            "course-erratum", "FROM nvidia/cuda:10.1-cudnn7-devel\n", "FROM nvidia/cuda:12.6.0-base-ubuntu24.04\n", misprinted),
    ]

    /// The bytes of the bad file. A string can't hold what isn't UTF-8.
    var badBytes: [UInt8] {
        code == "invalid-utf8" ? Array(Self.from.utf8) + Array("# ".utf8) + [0xD6, 0xD0, 0x0A] : Array(bad.utf8)
    }
}
