/// Mistakes that show when parts of a lab are compared. Each row: what is changed, and all that is said then.
enum RuleMistakes {
    static let order: [Mistake] = [
        Mistake("needs: [2.2]", "needs: [2.2, 2.4]", "86:22: error: there is no task 2.4; did you mean `2.3`?"),
        Mistake("id: 2.2", "id: 2.1", "66:13: error: task 2.1 already exists", "86:17: error: there is no task 2.2; did you mean `2.1`?"),
        Mistake("id: 1.1", "id: 3.1", "27:13: error: task 3.1 is in step 1; its id must begin with `1.`"),
        Mistake(
            "text: {en: Get it., zh: 获取它。}", "text: {en: Get it., zh: 获取它。}\n        needs: [2.3]",
            "35:16: error: tasks need each other in a cycle: 1.2 → 2.3 → 2.2 → 1.2"),
        Mistake("until: 2.3", "until: 2.2", "80:20: error: `until` must name a task after 2.2, and 2.2 is not"),
        Mistake("until: 2.3", "until: 9.9", "80:20: error: there is no task 9.9"),
        Mistake(
            "needs: [2.2]", "needs: [1.2]",
            "87:24: error: the server `ts` comes from task `2.2`, which task 2.3 does not need; add it to `needs`"),
        Mistake(
            "needs: [1.2]", "needs: [1.1]",
            "47:20: error: the image `alpine` comes from task `1.2`, which task 2.1 does not need; add it to `needs`"),
        Mistake(
            "{name: '${user}-train',", "{name: '${user}-trian',",
            "56:31: error: no task starts a container `${user}-trian`; did you mean `${user}-train`?"),
        Mistake(
            "image: alpine\n            name: ${user}-train", "image: alpin\n            name: ${user}-train",
            "47:20: warning: no task gets or builds the image `alpin`; it must already be on the machine; did you mean `alpine:latest`?"),
    ]

    static let names: [Mistake] = [
        Mistake("{image: alpine}", "{image: alpien}", "35:25: error: there is no image `alpien` under `images`; did you mean `alpine`?"),
        Mistake("{stop: ts}", "{stop: tss}", "87:24: error: there is no server `tss` under `servers`; did you mean `ts`?"),
        Mistake("[train, '${epochs}']", "[train, '${epocs}']", "49:31: error: unknown variable `${epocs}`; did you mean `epochs`?"),
        Mistake(
            "Trains ${epochs} epochs", "Trains ${epochs epochs",
            "43:28: error: `${epochs epochs.` has no `}` after `${`; write `$$` for a dollar sign"),
        Mistake(
            "value: 8080", "value: '80${epochs}'",
            "6:46: error: `${epochs}` is declared at or below this line; a value can use earlier variables only"),
        Mistake(
            "  epochs: {", "  run: {text: {en: R, zh: 次}, value: 1}\n  epochs: {",
            "7:3: error: `run` is reserved by ailab; choose another name"),
        Mistake("  epochs: {", "  spare: {text: {en: S, zh: 备}, value: 1}\n  epochs: {", "7:3: warning: nothing uses the variable `spare`"),
        Mistake(
            "name: ${user}-ts", "name: ${user}-st", "76:21: error: the server `ts` is in the container `${user}-ts`, not in `${user}-st`"),
    ]

    static let values: [Mistake] = [
        Mistake(
            "value: 3, quick: 1", "value: 3, quick: one, pattern: '[0-9]'",
            "7:57: error: `one` does not match the variable's own pattern [0-9]"),
        Mistake(
            "value: 3, quick: 1", "value: 3, per_student: true",
            "7:63: error: a variable that differs from student to student needs either `between` or `among`"),
        Mistake(
            "value: 3, quick: 1", "value: 3, per_student: true, between: [5, 1]",
            "7:78: error: `between` takes two whole numbers, the smaller one first"),
        Mistake("value: 3, quick: 1", "value: 3, between: [1, 5]", "7:59: error: `between` belongs to `per_student: true`"),
        Mistake(
            "value: 3, quick: 1", "value: 3, per_student: true, among: [2, 2]", "7:76: error: `among` takes two or more different values"),
        Mistake(
            "value: 3, quick: 1", "value: 3, per_student: true, among: [a, '${user}']",
            "7:76: error: `among` takes plain texts, without `${…}`"),
        Mistake(
            "value: 3, quick: 1", "value: 3, per_student: true, among: [2, 4], quick: 1",
            "7:91: error: a variable that differs from student to student has no other value for `--quick`"),
        Mistake(
            "value: 3, quick: 1", "value: 3, pattern: '[0-9]', per_student: true, among: [1, 22]",
            "7:94: error: `22` does not match the variable's own pattern [0-9]"),
        Mistake(
            "needs: [2.2]\n        action: {stop: ts}",
            "needs: [1.2, 2.2]\n        action: {group: {network: n, members: [{host: h, count: 33, container: {image: alpine, name: h}}]}}",
            "87:65: error: `33` is not a whole number from 1 to 32"),
        Mistake(
            "needs: [2.2]\n        action: {stop: ts}",
            """
            needs: [1.2, 2.2]
                    action:
                      cluster:
                        begin: prot
                        network: n
                        service: {image: alpine, name: s, gpu: auto, ports: [{host: '1', container: 2}]}
                        replicas: 1
                        ready: ['true']
                        start: 10s
                        update: {}
                        entry: {image: alpine, name: e}
                        model: m
                        rate: 0
                        seconds: 3
                        cases: [{picture: train/train.py, expected: ['1']}]
                        results: results/cluster.json
            """,
            "89:20: error: unknown variable `${prot}`; did you mean `port`?",
            "91:52: error: `gpu` doesn't apply to the containers of a service",
            "91:65: error: `ports` doesn't apply to the containers of a service",
            "92:23: error: a service needs at least 2 replicas: with one, nothing answers while it's replaced",
            "96:20: error: the entry needs a port of this machine, through which the requests come in",
            "98:19: error: `0` is not a number above 0", "100:31: error: the lab has no file `/nonexistent/mini/train/train.py`"),
        Mistake("'[0-9]+'", "'[0-9'", "6:58: error: `[0-9` is not a regular expression: expected ']'"),
        Mistake("([0-9.]+)'", "([0-9.]+'", "57:57: error: `accuracy ([0-9.]+` is not a regular expression: expected ')'"),
        Mistake(
            "([0-9.]+)'", "[(](?:[0-9.]+)\\('",
            "57:57: error: the pattern has no group; put the part that `capture` and `at_least` refer to into `(…)`"),
        Mistake("at_least: 0.9", "at_least: high", "57:108: error: `high` is not a number"),
        Mistake("management_port: 8081", "management_port: 80811", "20:22: error: `80811` is not a port; use a number from 1 to 65535"),
        Mistake("{workspace: out", "{workspace: ../out", "52:29: error: `../out` leaves its folder; write a relative path without `..`"),
        Mistake("target: /out", "target: out", "52:42: error: `out` is a path inside a container and must begin with `/`"),
        Mistake("{workspace: out", "{lab: train", "52:23: error: the lab has no folder `/nonexistent/mini/train`"),
        Mistake("pointer: /status, ", "", "79:66: error: `equals` needs a `pointer` to the value to compare"),
        Mistake("pointer: /status", "pointer: status", "79:67: error: `status` is not a JSON pointer; it begins with `/`"),
        Mistake(
            "{absent: '${user}-ts'}", "{json: {path: m.json, pointer: a, pattern: x}}",
            "88:49: error: `a` is not a JSON pointer; it begins with `/`"),
        Mistake("http://127", "127", "79:25: error: `127.0.0.1:8080/ping` is not a web address"),
        Mistake(
            "        checks: [{image: 'alpine:latest'}]\n", "",
            "32:13: warning: task 1.2 changes something and has no `checks`; nothing shows whether it worked"),
    ]
}
