import LabSupport

/// Messages of the rules that compare different parts of a lab.
extension LabWording {
    static func badRelease(_ name: String) -> Text {
        Text(en: "`\(name)` is not the name of a Debian release", zh: "`\(name)` 不是 Debian 发行版的名称")
    }

    static func badPackage(_ name: String) -> Text {
        Text(en: "`\(name)` is not the name of a Debian package", zh: "`\(name)` 不是 Debian 软件包的名称")
    }

    static func folderElsewhere(_ folder: String, _ real: String) -> Text {
        Text(
            en: "the lab's folder \(folder) is a link that leads to \(real), which is not beside the lab file",
            zh: "实验目录 \(folder) 是一个链接，指向 \(real)，而后者不在实验文件旁边")
    }

    static func hazard(_ scalar: Unicode.Scalar) -> Text {
        let code = scalar.codePoint
        return switch scalar.hazard {
        case .control?:
            Text(en: "the control character \(code) is in this text; ailab doesn't show it", zh: "这段文字含有控制字符 \(code)，ailab 不会显示它")
        case .reordering?:
            Text(
                en: "the character \(code), which changes the order of a text, is in this text; ailab doesn't show it",
                zh: "这段文字含有改变文字顺序的字符 \(code)，ailab 不会显示它")
        case .invisible?, nil:
            Text(en: "the invisible character \(code) is in this text; ailab doesn't show it", zh: "这段文字含有不可见字符 \(code)，ailab 不会显示它")
        }
    }

    static func duplicateStep(_ number: Int) -> Text {
        Text(en: "step \(number) already exists", zh: "第 \(number) 步已经存在")
    }

    static func duplicateTask(_ id: TaskID) -> Text {
        Text(en: "task \(id) already exists", zh: "任务 \(id) 已经存在")
    }

    static func wrongStep(_ id: TaskID, step: Int) -> Text {
        Text(
            en: "task \(id) is in step \(step); its id must begin with `\(step).`",
            zh: "任务 \(id) 写在第 \(step) 步里，编号应当以 `\(step).` 开头")
    }

    static func unknownTask(_ id: TaskID) -> Text {
        Text(en: "there is no task \(id)", zh: "没有任务 \(id)")
    }

    static func notRegistering(_ id: TaskID) -> Text {
        Text(en: "task \(id) doesn't register a model", zh: "任务 \(id) 不注册模型")
    }

    static func deployedTwice(_ name: String) -> Text {
        Text(en: "another file of the deployment has the name \(name)", zh: "部署中已有名为 \(name) 的文件")
    }

    static func notServed(_ id: TaskID) -> Text {
        Text(
            en: "no task serves the server of task \(id) with its port for predictions",
            zh: "没有任务启动任务 \(id) 的服务器并开放其预测端口")
    }

    static func cycle(_ chain: [TaskID]) -> Text {
        let arrows = chain.map(\.description).joined(separator: " → ")
        return Text(en: "tasks need each other in a cycle: \(arrows)", zh: "任务互相依赖，形成了循环：\(arrows)")
    }

    static func untilNotLater(_ until: TaskID, task: TaskID) -> Text {
        Text(
            en: "`until` must name a task after \(task), and \(until) is not",
            zh: "`until` 必须是 \(task) 之后的任务，而 \(until) 不是")
    }

    static func needsMaker(_ task: TaskID, _ subject: LabUse.Subject, _ makers: [TaskID]) -> Text {
        let list = makers.map { "`\($0)`" }
        let name = thing(subject)
        return Text(
            en: "\(name.en) comes from task \(list.joined(separator: " or ")), which task \(task) does not need; add it to `needs`",
            zh: "\(name.zh)来自任务 \(list.joined(separator: " 或 "))，而任务 \(task) 并不依赖它；请把它加到 `needs`")
    }

    static func namesNoMaker(_ task: TaskID, _ subject: LabUse.Subject, _ makers: [TaskID]) -> Text {
        let list = makers.map { "`\($0)`" }
        let name = thing(subject)
        return Text(
            en: "\(name.en) comes from task \(list.joined(separator: " or ")), which task \(task) needs only through another task; "
                + "if that one is done, nobody looks whether \(name.en) exists. Add it to `needs`",
            zh: "\(name.zh)来自任务 \(list.joined(separator: " 或 "))，而任务 \(task) 只是通过其他任务间接依赖它；若中间的任务已完成，就没有人检查它是否存在。请把它加到 `needs`")
    }

    private static func thing(_ subject: LabUse.Subject) -> Text {
        switch subject {
        case .image(let name), .namedImage(let name): Text(en: "the image `\(name)`", zh: "镜像 `\(name)` ")
        case .container(let name), .newContainer(let name): Text(en: "the container `\(name)`", zh: "容器 `\(name)` ")
        case .server(let name): Text(en: "the server `\(name)`", zh: "服务器 `\(name)` ")
        case .model(_, let name): Text(en: "the model `\(name)`", zh: "模型 `\(name)` ")
        case .labFile(let path), .labFolder(let path), .workspacePath(let path), .inside(let path):
            Text(en: "the path `\(path)`", zh: "路径 `\(path)` ")
        case .variable, .match, .checksum, .port: Text(en: "this value", zh: "这个值")
        }
    }

    static func unmadeContainer(_ name: String) -> Text {
        Text(en: "no task starts a container `\(name)`", zh: "没有任务会启动容器 `\(name)`")
    }

    static func unmadeImage(_ reference: String) -> Text {
        Text(
            en: "no task gets or builds the image `\(reference)`; it must already be on the machine",
            zh: "没有任务会获取或构建镜像 `\(reference)`；它必须事先就在机器上")
    }

    static func unknownImage(_ name: String) -> Text {
        Text(en: "there is no image `\(name)` under `images`", zh: "`images` 中没有镜像 `\(name)`")
    }

    static func unknownServer(_ name: String) -> Text {
        Text(en: "there is no server `\(name)` under `servers`", zh: "`servers` 中没有服务器 `\(name)`")
    }

    static func otherContainer(_ name: String, server: String, expected: String) -> Text {
        Text(
            en: "the server `\(server)` is in the container `\(expected)`, not in `\(name)`",
            zh: "服务器 `\(server)` 的容器是 `\(expected)`，不是 `\(name)`")
    }

    static func sharedContainer(_ name: String, _ owner: TaskID) -> Text {
        Text(
            en: "task \(owner) also starts a container `\(name)`; the later run removes the earlier container",
            zh: "任务 \(owner) 也会启动容器 `\(name)`；后运行的会删除先前的那个")
    }

    static func builtInVariable(_ name: String) -> Text {
        Text(en: "`\(name)` is reserved by ailab; choose another name", zh: "`\(name)` 是 ailab 的保留名称，请换一个")
    }

    static func valueUnlikePattern(_ value: String, _ pattern: String) -> Text {
        Text(en: "`\(value)` does not match the variable's own pattern \(pattern)", zh: "`\(value)` 不符合该变量自己的模式 \(pattern)")
    }

    static let betweenOrAmong = Text(
        en: "a variable that differs from student to student needs either `between` or `among`", zh: "因学生而异的变量需要 `between` 或 `among` 之一")

    static let twoEnds = Text(
        en: "`between` takes two whole numbers, the smaller one first", zh: "`between` 需要两个整数，较小的在前")

    static let differentValues = Text(en: "`among` takes two or more different values", zh: "`among` 需要两个或更多互不相同的值")

    static let plainValues = Text(
        en: "`among` takes plain texts, without `${…}`", zh: "`among` 只能是普通文本，不能含 `${…}`")

    static let notPerStudent = Text(
        en: "a variable that differs from student to student has no other value for `--quick`", zh: "因学生而异的变量不能为 `--quick` 另设取值")

    static func onlyPerStudent(_ key: String) -> Text {
        Text(en: "`\(key)` belongs to `per_student: true`", zh: "`\(key)` 只能与 `per_student: true` 一起使用")
    }

    static func unusedVariable(_ name: String) -> Text {
        Text(en: "nothing uses the variable `\(name)`", zh: "变量 `\(name)` 没有被用到")
    }

    static func unusedImage(_ name: String) -> Text {
        Text(en: "no task uses the image `\(name)`", zh: "没有任务使用镜像 `\(name)`")
    }

    static func unusedServer(_ name: String) -> Text {
        Text(en: "no task uses the server `\(name)`", zh: "没有任务使用服务器 `\(name)`")
    }

    static func missingFile(_ path: String, folder: Bool) -> Text {
        Text(
            en: "the lab has no \(folder ? "folder" : "file") `\(path)`",
            zh: "实验中没有\(folder ? "目录" : "文件") `\(path)`")
    }

    static let tooFewReplicas = Text(
        en: "a service needs at least 2 replicas: with one, nothing answers while it's replaced",
        zh: "服务至少需要 2 个副本：只有一个时，替换期间没有副本可以响应")

    static let noEntryPort = Text(
        en: "the entry needs a port of this machine, through which the requests come in", zh: "入口容器需要一个本机端口来接收请求")

    static func notForServices(_ key: String) -> Text {
        Text(en: "`\(key)` doesn't apply to the containers of a service", zh: "`\(key)` 不适用于服务的容器")
    }

    static let emptyWant = Text(
        en: "a want needs `instructions`, `pattern` or `files`", zh: "每项要求都需要 `instructions`、`pattern` 或 `files`")

    static func pathLeaves(_ path: String) -> Text {
        Text(
            en: "`\(path)` leaves its folder; write a relative path without `..`",
            zh: "`\(path)` 超出了所在的目录；请写不含 `..` 的相对路径")
    }

    static func pathNotAbsolute(_ path: String) -> Text {
        Text(
            en: "`\(path)` is a path inside a container and must begin with `/`",
            zh: "`\(path)` 是容器内的路径，必须以 `/` 开头")
    }
}
