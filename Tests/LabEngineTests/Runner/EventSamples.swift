@testable import Diagnosis
@testable import LabFile
@testable import LabRunner
@testable import LabSupport

/// One event of every type, and the line that it is in a journal. A line that changes here breaks every journal that exists.
enum EventSamples {
    static let error = LabError(
        .engineLost, Text(en: "Gone.", zh: "没了。"), hint: Text(en: "Start it.", zh: "启动它。"), cause: "reset", errno: 104, httpStatus: 500,
        exitCode: 3)

    static let all: [(payload: EventPayload, task: TaskID?, line: String)] = runs + tasks + work + results + outside

    private static let runs: [(payload: EventPayload, task: TaskID?, line: String)] = [
        (
            .runStarted(
                RunStarted(
                    run: 4, lab: "lab5", labFile: "/labs/lab5.yaml", version: "0.1.0", pid: 77, selection: "3", options: options,
                    tasks: [PlannedTask(id: "3.1", title: Text(en: "Write", zh: "写"), expectedSeconds: 60, needed: true)])),
            nil,
            #"{"lab":"lab5","labFile":"/labs/lab5.yaml","options":{"auto":true,"device":"cpu","force":false,"quick":false,"set":{"epochs":"5"},"terminal":false},"pid":77,"run":4,"schema":1,"selection":"3","seq":1,"tasks":[{"expectedSeconds":60,"id":"3.1","needed":true,"title":{"en":"Write","zh":"写"}}],"time":1790000000.25,"type":"runStarted","version":"0.1.0"}"#
        ),
        (
            .runFinished(RunFinished(outcome: .blocked, exitCode: 3, seconds: 1.5, error: error)), nil,
            #"{"error":{"cause":"reset","code":"engine.lost","errno":104,"exitCode":3,"hint":{"en":"Start it.","zh":"启动它。"},"httpStatus":500,"message":{"en":"Gone.","zh":"没了。"}},"exitCode":3,"outcome":"blocked","schema":1,"seconds":1.5,"seq":1,"time":1790000000.25,"type":"runFinished"}"#
        ),
        (
            .engineConnected(
                EngineConnected(
                    endpoint: "unix:///var/run/docker.sock", kind: "docker", version: "20.10.24", apiVersion: "1.41", isPrivate: false)),
            nil,
            #"{"apiVersion":"1.41","endpoint":"unix:///var/run/docker.sock","isPrivate":false,"kind":"docker","schema":1,"seq":1,"time":1790000000.25,"type":"engineConnected","version":"20.10.24"}"#
        ),
        (
            .deviceChosen(DeviceChosen(device: "cpu", reason: Text(en: "no GPU", zh: "没有 GPU"))), nil,
            #"{"device":"cpu","reason":{"en":"no GPU","zh":"没有 GPU"},"schema":1,"seq":1,"time":1790000000.25,"type":"deviceChosen"}"#
        ),
        (
            .notice(Notice(level: .warning, code: "run.interrupted", text: Text(en: "a \"b\"", zh: "一"))), nil,
            #"{"code":"run.interrupted","level":"warning","schema":1,"seq":1,"text":{"en":"a \"b\"","zh":"一"},"time":1790000000.25,"type":"notice"}"#
        ),
        (
            .fact(Fact(name: "disk.free", text: Text(en: "Disk", zh: "磁盘"))), "1.1",
            #"{"name":"disk.free","schema":1,"seq":1,"task":"1.1","text":{"en":"Disk","zh":"磁盘"},"time":1790000000.25,"type":"fact"}"#
        ),
    ]

    private static let options: RunOptions = {
        var options = RunOptions()
        options.auto = true
        options.device = .cpu
        options.set = ["epochs": "5"]
        return options
    }()

    private static let tasks: [(payload: EventPayload, task: TaskID?, line: String)] = [
        (
            .taskStarted(
                TaskStarted(title: Text(en: "Train", zh: "训练"), expectedSeconds: 100, commands: ["docker run x"], fingerprint: "abc")),
            "3.5",
            #"{"commands":["docker run x"],"expectedSeconds":100,"fingerprint":"abc","schema":1,"seq":1,"task":"3.5","time":1790000000.25,"title":{"en":"Train","zh":"训练"},"type":"taskStarted"}"#
        ),
        (
            .taskFinished(TaskFinished(outcome: .blocked, seconds: 0, fingerprint: "abc", blockedBy: "3.4")), "3.5",
            #"{"blockedBy":"3.4","fingerprint":"abc","outcome":"blocked","schema":1,"seconds":0,"seq":1,"task":"3.5","time":1790000000.25,"type":"taskFinished"}"#
        ),
        (
            .reattached(Reattached(container: "me-training", run: 3)), "3.5",
            #"{"container":"me-training","run":3,"schema":1,"seq":1,"task":"3.5","time":1790000000.25,"type":"reattached"}"#
        ),
        (
            .shellReady(ShellReady(container: "me-shell", commands: ["docker run -it x"])), "2.4",
            #"{"commands":["docker run -it x"],"container":"me-shell","schema":1,"seq":1,"task":"2.4","time":1790000000.25,"type":"shellReady"}"#
        ),
        (
            .shellEnded(ShellEnded(exitCode: 130)), "2.4",
            #"{"exitCode":130,"schema":1,"seq":1,"task":"2.4","time":1790000000.25,"type":"shellEnded"}"#
        ),
        (
            .taskReset(TaskReset(removed: ["me-ls"])), "2.2",
            #"{"removed":["me-ls"],"schema":1,"seq":1,"task":"2.2","time":1790000000.25,"type":"taskReset"}"#
        ),
    ]

    private static let work: [(payload: EventPayload, task: TaskID?, line: String)] = [
        (
            .progress(Progress(label: Text(en: "Epoch", zh: "轮次"), done: 1, total: 3, unit: .epochs)), "3.5",
            #"{"done":1,"label":{"en":"Epoch","zh":"轮次"},"schema":1,"seq":1,"task":"3.5","time":1790000000.25,"total":3,"type":"progress","unit":"epochs"}"#
        ),
        (
            .progress(
                Progress(
                    label: Text(verbatim: "RUN make"), done: 2, total: 3, unit: .steps,
                    step: BuildStep(id: "sha256:1", state: .done, seconds: 1.5, line: 4))), "3.3",
            #"{"done":2,"label":{"en":"RUN make","zh":"RUN make"},"schema":1,"seq":1,"step":{"id":"sha256:1","line":4,"seconds":1.5,"state":"done"},"task":"3.3","time":1790000000.25,"total":3,"type":"progress","unit":"steps"}"#
        ),
        (
            .output(Output(stream: .stderr, offset: 10, length: 20)), "3.5",
            #"{"length":20,"offset":10,"schema":1,"seq":1,"stream":"stderr","task":"3.5","time":1790000000.25,"type":"output"}"#
        ),
        (
            .metric(Metric(name: "loss", value: 0.5, epoch: 1, step: nil, more: ["lr": 0.01])), "3.5",
            #"{"epoch":1,"more":{"lr":0.01},"name":"loss","schema":1,"seq":1,"task":"3.5","time":1790000000.25,"type":"metric","value":0.5}"#
        ),
        (
            .sourceChosen(SourceChosen(what: "alpine", source: "mirror/alpine", standIn: true, text: Text(en: "a", zh: "甲"))), "2.1",
            #"{"schema":1,"seq":1,"source":"mirror/alpine","standIn":true,"task":"2.1","text":{"en":"a","zh":"甲"},"time":1790000000.25,"type":"sourceChosen","what":"alpine"}"#
        ),
        (
            .sourceFailed(SourceFailed(what: "alpine", source: "docker.io", error: LabError(codeText: "x.y", Text(en: "no", zh: "不")))),
            "2.1",
            #"{"error":{"code":"x.y","message":{"en":"no","zh":"不"}},"schema":1,"seq":1,"source":"docker.io","task":"2.1","time":1790000000.25,"type":"sourceFailed","what":"alpine"}"#
        ),
        (
            .created(Created(kind: .container, name: "me-ls", id: "0123")), "2.2",
            #"{"id":"0123","kind":"container","name":"me-ls","schema":1,"seq":1,"task":"2.2","time":1790000000.25,"type":"created"}"#
        ),
    ]

    private static let outside: [(payload: EventPayload, task: TaskID?, line: String)] = [
        (.taskSkipped(TaskSkipped()), "2.1", #"{"schema":1,"seq":1,"task":"2.1","time":1790000000.25,"type":"taskSkipped"}"#),
        (.taskUnskipped(TaskUnskipped()), "2.1", #"{"schema":1,"seq":1,"task":"2.1","time":1790000000.25,"type":"taskUnskipped"}"#),
        (
            .looked(Looked(.gone, checks: [])), "2.1",
            #"{"checks":[],"schema":1,"seq":1,"task":"2.1","time":1790000000.25,"type":"looked","verdict":"gone"}"#
        ),
        (.looked(Looked(.open)), "2.1", #"{"schema":1,"seq":1,"task":"2.1","time":1790000000.25,"type":"looked","verdict":"open"}"#),
        (
            .fileEdited(FileEdited(path: "Dockerfile", sha256: "ab")), nil,
            #"{"path":"Dockerfile","schema":1,"seq":1,"sha256":"ab","time":1790000000.25,"type":"fileEdited"}"#
        ),
        (
            .questionAnswered(QuestionAnswered(question: Text(en: "q", zh: "问"), answer: Text(en: "a", zh: "答"))), "3.5",
            #"{"answer":{"en":"a","zh":"答"},"question":{"en":"q","zh":"问"},"schema":1,"seq":1,"task":"3.5","time":1790000000.25,"type":"questionAnswered"}"#
        ),
        (
            .hintOpened(HintOpened(number: 2, all: 4, level: .pointer)), "3.1",
            #"{"all":4,"level":"pointer","number":2,"schema":1,"seq":1,"task":"3.1","time":1790000000.25,"type":"hintOpened"}"#
        ),
        (
            .settingsChanged(SettingsChanged(quick: true, device: .cpu, set: ["epochs": "3"])), nil,
            #"{"device":"cpu","quick":true,"schema":1,"seq":1,"set":{"epochs":"3"},"time":1790000000.25,"type":"settingsChanged"}"#
        ),
    ]

    private static let results: [(payload: EventPayload, task: TaskID?, line: String)] = [
        (
            .check(
                CheckResult(
                    kind: "image", standing: .failed, wanted: Text(en: "w", zh: "要"), found: Text(en: "f", zh: "有"),
                    nearest: Text(en: "n", zh: "近"), advice: nil)), "3.3",
            #"{"found":{"en":"f","zh":"有"},"kind":"image","nearest":{"en":"n","zh":"近"},"schema":1,"seq":1,"standing":"failed","task":"3.3","time":1790000000.25,"type":"check","wanted":{"en":"w","zh":"要"}}"#
        ),
        (
            .finding(
                Finding(
                    cause: "port-in-use", title: Text(en: "a", zh: "甲"), why: Text(en: "b", zh: "乙"),
                    evidence: Finding.Evidence(line: 1, text: "t"), detail: [], remedies: [], strength: .sure, isConsequence: false)),
            "4.3",
            #"{"cause":"port-in-use","detail":[],"evidence":{"line":1,"text":"t"},"isConsequence":false,"remedies":[],"schema":1,"seq":1,"strength":"sure","task":"4.3","time":1790000000.25,"title":{"en":"a","zh":"甲"},"type":"finding","why":{"en":"b","zh":"乙"}}"#
        ),
        (
            .captured(Captured(name: "test_accuracy", value: "0.99")), "3.5",
            #"{"name":"test_accuracy","schema":1,"seq":1,"task":"3.5","time":1790000000.25,"type":"captured","value":"0.99"}"#
        ),
        (
            .prediction(
                Prediction(
                    model: "mnist", picture: "7.png", expected: ["7"], top: [Prediction.Label(label: "7", probability: 0.75)], right: true,
                    seconds: 0.25)), "4.11",
            #"{"expected":["7"],"model":"mnist","picture":"7.png","right":true,"schema":1,"seconds":0.25,"seq":1,"task":"4.11","time":1790000000.25,"top":[{"label":"7","probability":0.75}],"type":"prediction"}"#
        ),
        (
            .finding(
                Finding(
                    cause: "port-in-use", title: Text(en: "t", zh: "题"), why: Text(en: "w", zh: "因"),
                    evidence: Finding.Evidence(line: 3, text: "in use"), detail: [],
                    remedies: [Remedy(Text(en: "r", zh: "法"), commands: ["ls"], needs: [.root])], strength: .sure, isConsequence: false)),
            "4.3",
            #"{"cause":"port-in-use","detail":[],"evidence":{"line":3,"text":"in use"},"isConsequence":false,"remedies":[{"applies":true,"commands":["ls"],"isOwn":false,"needs":["root"],"open":[],"place":"shell","quoted":{},"text":{"en":"r","zh":"法"}}],"schema":1,"seq":1,"strength":"sure","task":"4.3","time":1790000000.25,"title":{"en":"t","zh":"题"},"type":"finding","why":{"en":"w","zh":"因"}}"#
        ),
    ]
}
