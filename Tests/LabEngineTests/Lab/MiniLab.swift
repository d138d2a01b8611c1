import LabFile

/// A whole small lab as text, for tests that spoil one line of it.
enum MiniLab {
    static let yaml = """
        schema: 1
        id: mini
        title: {en: Mini, zh: 迷你}
        summary: {en: A small lab., zh: 一个小实验。}
        variables:
          port: {text: {en: Port, zh: 端口}, value: 8080, pattern: '[0-9]+'}
          epochs: {text: {en: Epochs, zh: 轮数}, value: 3, quick: 1}
        images:
          alpine:
            tag: alpine:latest
            text: {en: A tiny Linux., zh: 一个很小的 Linux。}
            sources:
              - pull: alpine:3.20
              - busybox: {tag: 'ailab/standin-alpine:latest', command: [/bin/sh], files: [{path: /etc/motd, content: hi}]}
              - debian: {suite: trixie, include: [ca-certificates], tag: 'ailab/standin-debian:latest'}
        servers:
          ts:
            container: ${user}-ts
            inference_port: ${port}
            management_port: 8081
            metrics_port: 8082
            key_file: /home/model-server/key_file.json
        steps:
          - number: 1
            title: {en: Start, zh: 开始}
            tasks:
              - id: 1.1
                title: {en: Read, zh: 阅读}
                text: {en: Welcome., zh: 欢迎。}
                action: {read: true}
                expected: 60
              - id: 1.2
                title: {en: Image, zh: 镜像}
                text: {en: Get it., zh: 获取它。}
                action: {image: alpine}
                checks: [{image: 'alpine:latest'}]
                expected: 20s
          - number: 2
            title: {en: Run, zh: 运行}
            tasks:
              - id: 2.1
                title: {en: Train, zh: 训练}
                text: {en: "Trains ${epochs} epochs.", zh: "训练 ${epochs} 轮。"}
                needs: [1.2]
                action:
                  run:
                    image: alpine
                    name: ${user}-train
                    command: [train, '${epochs}']
                    environment: {LEVEL: 1.0}
                    mounts:
                      - {workspace: out, target: /out}
                    gpu: auto
                    timeout: 10m
                checks:
                  - container: {name: '${user}-train', state: exited, exit_code: 0}
                  - logs: {container: '${user}-train', pattern: 'accuracy ([0-9.]+)', capture: accuracy, at_least: 0.9}
                expected: 2m40s
                expected_quick: 30
                hints:
                  - {en: Look at the log., zh: 看看日志。}
                errata:
                  - printed: docker run train
                    why: {en: It has no name., zh: 它没有名字。}
                    instead: {en: A name., zh: 起个名字。}
              - id: 2.2
                title: {en: Serve, zh: 提供服务}
                text: {en: Serves., zh: 启动服务。}
                needs: [1.2]
                action:
                  serve:
                    server: ts
                    ready: 1m
                    container:
                      image: alpine
                      name: ${user}-ts
                      ports: [{host: '${port}', container: 8080}]
                checks:
                  - http: {url: 'http://127.0.0.1:${port}/ping', pointer: /status, equals: Healthy, server: ts}
                    until: 2.3
                    advice: {en: Wait a little., zh: 稍等一下。}
                expected: 30
              - id: 2.3
                title: {en: Stop, zh: 停止}
                text: {en: Stops., zh: 停止服务。}
                needs: [2.2]
                action: {stop: ts}
                checks: [{absent: '${user}-ts'}]
                expected: 5
                optional: true

        """

    /// Reads the lab, changed by replacing one piece of text by another.
    static func load(_ changes: [(String, String)] = []) -> LabLoad {
        LabSpecLoader.load(text: text(changes), file: "mini.yaml", directory: "/nonexistent/mini")
    }

    static func text(_ changes: [(String, String)]) -> String {
        changes.reduce(yaml) { text, change in
            precondition(text.contains(change.0), "no such text in the mini lab: \(change.0)")
            return text.replacing(change.0, with: change.1, maxReplacements: 1)
        }
    }
}
