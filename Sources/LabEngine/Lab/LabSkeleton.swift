/// The smallest lab with everything that a lab needs, for an author to begin with.
package enum LabSkeleton {
    /// The text of the lab's file. `name` becomes the lab's id.
    package static func text(named name: String) -> String { example.replacing("id: hello", with: "id: \(name)") }

    /// The example of `docs/lab-file.md`.
    package static let example = #"""
        schema: 1
        id: hello
        title: {en: Say hello, zh: 打个招呼}
        summary: {en: One container that greets you., zh: 用一个容器向你问好。}

        variables:
          name:
            text: {en: Who is greeted., zh: 要问候谁。}
            value: ${user}
            pattern: '[\p{L}0-9_.-]+'

        images:
          alpine:
            tag: alpine:latest
            text: {en: A complete Linux of a few megabytes., zh: 只有几兆字节的完整 Linux。}
            sources:
              - pull: alpine:3.20
              - busybox: {tag: 'ailab/standin-alpine:latest', command: [/bin/sh]}

        steps:
          - number: 1
            title: {en: Look around, zh: 看一看}
            tasks:
              - id: 1.1
                title: {en: This machine, zh: 这台机器}
                text: {en: What you have to work with., zh: 看看手头有什么。}
                action: {facts: [engine, disk, memory]}
                expected: 2s
                checks: [engine: true]

          - number: 2
            title: {en: Say hello, zh: 问好}
            tasks:
              - id: 2.1
                title: {en: Get the image, zh: 获取镜像}
                text:
                  en: A container starts from an *image*.
                  zh: 容器从*镜像*启动。
                needs: [1.1]
                action: {image: alpine}
                expected: 20s
                checks: [image: alpine]

              - id: 2.2
                title: {en: Run a container, zh: 运行容器}
                text:
                  en: |
                    `docker run` starts a container and runs one program in it.
                    Inside a container, `$${HOME}` is the home of its own user.
                  zh: |
                    `docker run` 会启动一个容器，并在其中运行一个程序。
                    在容器里，`$${HOME}` 是容器自己用户的主目录。
                needs: [2.1]
                action:
                  run:
                    image: alpine
                    name: ${user}-hello
                    command: [echo, 'hello ${name}']
                    timeout: 1m
                expected: 3s
                checks:
                  - container: {name: '${user}-hello', state: exited, exit_code: 0}
                  - logs: {container: '${user}-hello', pattern: '^hello ${name}'}
                    advice:
                      en: Look at the command once more; it must print the word hello.
                      zh: 再看一遍命令；它应当打印出 hello。
                hints:
                  - {en: The program is called echo., zh: 这个程序叫 echo。}

        """#
}
