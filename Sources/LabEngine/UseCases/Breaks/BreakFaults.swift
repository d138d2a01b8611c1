import LabSupport

/// The faults of `ailab break`. The fault matrix in `docs/faults.md` proves that the diagnosis knows each cause.
extension BreakFault {
    package static let all: [BreakFault] = [
        sharedMemory, fullDisk, memoryLimit, readableFolder, windowsScript, notExecutable, killed, wheel, archiver, token, handler,
    ]

    private static func with(_ change: (inout Setting) -> Void) -> Setting {
        var setting = Setting()
        change(&setting)
        return setting
    }

    private static let sharedMemory = BreakFault(
        number: 1,
        story: Text(
            en: "Four data loaders exchange their batches in memory. The program worked on the host. In the container it stops.",
            zh: "四个数据加载进程通过内存交换数据。程序在主机上运行正常，在容器中却停止了。"),
        base: .shell, setting: with { $0.sharedMemory = 1 << 20 },
        command: "dd if=/dev/zero of=/dev/shm/batch bs=1M count=8", cause: "shm-too-small",
        others: ["disk-full", "oom-killed", "path-not-writable"],
        hints: [
            Text(en: "Which file system does the path in the message belong to? `df -h` lists them.", zh: "报错中的路径属于哪个文件系统？`df -h` 会列出它们。"),
            Text(en: "Its size doesn't come from the disk. Docker gives 64 MB to each container.", zh: "它的大小与磁盘无关：Docker 默认给每个容器 64 MB。"),
        ],
        lesson: Text(
            en: "`/dev/shm` is a file system in memory with a size of its own. `docker run --shm-size=1g` makes it larger.",
            zh: "`/dev/shm` 是内存中的文件系统，有自己的大小限制。`docker run --shm-size=1g` 可以增大它。"))

    private static let fullDisk = BreakFault(
        number: 2,
        story: Text(en: "A training saves its model after each epoch. It worked twice; now it doesn't.", zh: "训练在每个轮次后保存模型。前两次正常，这一次失败了。"),
        base: .shell, setting: with { $0.dataBytes = 2 << 20 },
        preparation: "dd if=/dev/zero of=/data/epoch-1.pt bs=512k count=1 && dd if=/dev/zero of=/data/epoch-2.pt bs=512k count=2",
        command: "dd if=/dev/zero of=/data/epoch-3.pt bs=512k count=4", cause: "disk-full",
        others: ["shm-too-small", "path-not-writable", "oom-killed"],
        hints: [
            Text(
                en: "`df -h /data` says how much is left. `ls -lh /data` says what took it.",
                zh: "`df -h /data` 显示剩余空间，`ls -lh /data` 显示空间被什么占用。"),
            Text(en: "The error's number is ENOSPC.", zh: "这个错误的编号是 ENOSPC。"),
        ],
        lesson: Text(
            en: "The file system of the folder is full. The program is fine: remove old files, or write to a larger place.",
            zh: "该目录所在的文件系统已满。程序本身没有问题：请删除旧文件，或写到空间更大的位置。"))

    private static let memoryLimit = BreakFault(
        number: 3,
        story: Text(en: "A program reads its data into memory. It ends without a word.", zh: "程序把数据读入内存，什么也没输出就结束了。"),
        base: .shell, setting: with { $0.memory = 24 << 20 },
        files: [File("read.sh", "data=$(head -c 64000000 /dev/zero | tr '\\0' x)\necho read ${#data} bytes\n")],
        command: "sh /work/read.sh", cause: "oom-killed", others: ["python-segfault", "disk-full", "shm-too-small"],
        hints: [
            Text(en: "Exit code 137 is 128 + 9. Which signal is number 9, and who sends it?", zh: "退出码 137 = 128 + 9。9 号信号是什么，由谁发送？"),
            Text(en: "`docker inspect` shows the limits of the container: look for Memory.", zh: "`docker inspect` 会显示容器的限制：看 Memory。"),
        ],
        lesson: Text(
            en:
                "The kernel kills a process when the container exceeds its memory limit. The program can't catch signal 9, so it says nothing.",
            zh: "容器超过内存上限时，内核会终止进程。程序无法捕获 9 号信号，所以什么也不会输出。"))

    private static let readableFolder = BreakFault(
        number: 4,
        story: Text(
            en: "The container gets a folder of the host with `-v`. The program can read it, but its result isn't there.",
            zh: "用 `-v` 把主机目录挂载到容器中。程序能读取，却没有写出结果。"),
        base: .shell, setting: with { $0.user = "65534:65534" }, files: [File("data.txt", "1 2 3\n")],
        command: "cat /work/data.txt && touch /work/result.txt", cause: "path-not-writable",
        others: ["disk-full", "invalid-mount", "entrypoint-not-executable"],
        hints: [
            Text(en: "Compare `id` in the container with `ls -ldn /work`.", zh: "在容器中比较 `id` 与 `ls -ldn /work` 的结果。"),
            Text(en: "A mount keeps the numbers of owner and group. Names don't matter.", zh: "挂载会保留属主和属组的编号，与名称无关。"),
        ],
        lesson: Text(
            en: "The user in the container isn't the owner of the folder. `docker run --user \"$(id -u):$(id -g)\"` makes them the same.",
            zh: "容器中的用户不是该目录的属主。`docker run --user \"$(id -u):$(id -g)\"` 可以让两者一致。"))

    private static let windowsScript = BreakFault(
        number: 5,
        story: Text(
            en: "The start script is there and executable. The container says that it isn't there.", zh: "启动脚本存在，也有执行权限，容器却说找不到它。"),
        base: .shell, setting: with { $0.entrypoint = ["/work/start.sh"] },
        files: [File("start.sh", "#!/bin/sh\r\necho started\r\n", mode: 0o755)],
        command: "/work/start.sh", cause: "exec-interpreter-missing",
        others: ["entrypoint-not-executable", "command-not-found-in-image", "invalid-mount"],
        hints: [
            Text(
                en: "Which file isn't there? The kernel looks for two: the script, and the program in its first line.",
                zh: "找不到的是哪个文件？内核要找两个：脚本本身，以及它第一行中的程序。"),
            Text(en: "`head -n 1 start.sh | od -c` shows each byte.", zh: "`head -n 1 start.sh | od -c` 会显示每个字节。"),
        ],
        lesson: Text(
            en:
                "The first line ends with a carriage return, so the kernel looks for a program named `/bin/sh\\r`. `sed -i 's/\\r$//'` removes it.",
            zh: "第一行以回车符结尾，内核因此去找名为 `/bin/sh\\r` 的程序。用 `sed -i 's/\\r$//'` 删除即可。"))

    private static let notExecutable = BreakFault(
        number: 6,
        story: Text(
            en: "The same script, with the right line endings this time. The container still doesn't start.", zh: "同样的脚本，这次换行符正确，容器仍然无法启动。"),
        base: .shell, setting: with { $0.entrypoint = ["/work/start.sh"] },
        files: [File("start.sh", "#!/bin/sh\necho started\n", mode: 0o644)],
        command: "/work/start.sh", cause: "entrypoint-not-executable",
        others: ["path-not-writable", "exec-interpreter-missing", "command-not-found-in-image"],
        hints: [
            Text(
                en: "The exit code of a container that can't start is 126 or 127. They mean different things.",
                zh: "容器无法启动时，退出码是 126 或 127，含义不同。"),
            Text(en: "`ls -l` shows what may be done with the file.", zh: "`ls -l` 会显示文件的权限。"),
        ],
        lesson: Text(
            en: "Only a file with the execute bit can be an entry point. `chmod +x start.sh` sets it, and COPY keeps it.",
            zh: "只有带执行权限的文件才能作为 ENTRYPOINT。`chmod +x start.sh` 加上权限，COPY 会保留它。"))

    private static let killed = BreakFault(
        number: 7,
        story: Text(
            en: "A moment ago the server answered. Now not even a shell opens in its container.", zh: "服务器刚才还在响应，现在连容器的 shell 都打不开。"),
        base: .shell, setting: with { $0.isKilled = true }, command: "cat /etc/hostname", cause: "container-not-running",
        others: ["command-not-found-in-image", "docker-daemon-not-running", "container-name-in-use"],
        hints: [
            Text(
                en: "`docker ps` lists only some of the containers. `docker ps -a` lists all.",
                zh: "`docker ps` 只列出一部分容器，`docker ps -a` 列出全部。"),
            Text(en: "Look at the exit code in the column STATUS.", zh: "看 STATUS 一列中的退出码。"),
        ],
        lesson: Text(
            en:
                "`docker exec` needs a running container. `docker logs` says what the last one printed, and `docker start` starts it again.",
            zh: "`docker exec` 需要正在运行的容器。`docker logs` 显示它最后的输出，`docker start` 重新启动它。"))

    private static let wheel = BreakFault(
        number: 8,
        story: Text(
            en: "The course's Dockerfile pins a version of PyTorch. It was right when the course was written.",
            zh: "课程的 Dockerfile 固定了 PyTorch 版本。写课程时它是对的。"),
        base: .serving, files: [File("torch-1.4.0-cp38-cp38-manylinux1_x86_64.whl", "")],
        command: "pip install --break-system-packages --no-index --find-links /work torch==1.4.0", cause: "pip-no-matching-distribution",
        others: ["pip-externally-managed", "dns-failure", "pip-hash-mismatch"],
        hints: [
            Text(en: "The wheel is in /work. What does cp38 in its name mean?", zh: "wheel 就在 /work 中。文件名里的 cp38 是什么意思？"),
            Text(
                en: "A wheel is made for certain versions of Python. `python3 --version` says which one is here.",
                zh: "wheel 只适用于特定的 Python 版本。用 `python3 --version` 查看这里的版本。"),
        ],
        lesson: Text(
            en: "This wheel is for Python 3.8. Ask for a version of the package that has a wheel for this Python.",
            zh: "这个 wheel 只适用于 Python 3.8。请选择有适合当前 Python 的 wheel 的版本。"))

    private static let archiver = BreakFault(
        number: 9,
        story: Text(en: "TorchServe is installed in the image, but a model can't be archived.", zh: "镜像中装有 TorchServe，却无法打包模型。"),
        base: .serving, setting: with { $0.environment["PATH"] = "/usr/sbin:/usr/bin:/sbin:/bin" },
        command: "torch-model-archiver --help", cause: "module-not-found",
        others: ["ts-archiver-file-missing", "ts-archiver-args", "entrypoint-not-executable"],
        hints: [
            Text(en: "Who says \"not found\": Python, or the shell?", zh: "是谁说 “not found”：Python 还是 shell？"),
            Text(
                en: "`echo $PATH`, and `find / -name 'torch-model-archiver*'`.",
                zh: "试试 `echo $PATH` 和 `find / -name 'torch-model-archiver*'`。"),
        ],
        lesson: Text(
            en: "The shell looks only in the folders of PATH. Either the package isn't installed, or its folder isn't in PATH.",
            zh: "shell 只在 PATH 的目录中查找。要么没有安装该软件包，要么它所在的目录不在 PATH 中。"))

    /// Starts TorchServe and waits until it answers.
    private static func serve(_ arguments: String) -> String {
        """
        mkdir -p /tmp/serve/store && cd /tmp/serve && torchserve --start --ncs --model-store store \(arguments) >start.log 2>&1
        python3 - <<'END'
        import time, urllib.error, urllib.request
        for _ in range(300):
            try:
                urllib.request.urlopen("http://127.0.0.1:8080/ping"); break
            except urllib.error.HTTPError: break
            except OSError: time.sleep(0.2)
        END
        """
    }

    private static let token = BreakFault(
        number: 10,
        story: Text(
            en: "The server runs. Requests that worked with an older TorchServe are refused.", zh: "服务器在运行，但旧版 TorchServe 能接受的请求被拒绝了。"),
        base: .serving, files: [File("ask.py", asking)], preparation: serve(""),
        command: "python3 /work/ask.py http://127.0.0.1:8080/ping", cause: "ts-token-auth",
        others: ["ts-no-workers", "ts-start-args", "port-in-use"],
        hints: [
            Text(en: "The status says who is wrong: 4xx the request, 5xx the server.", zh: "状态码说明是谁的问题：4xx 是请求，5xx 是服务器。"),
            Text(en: "`ls /tmp/serve`: which file did TorchServe write when it started?", zh: "`ls /tmp/serve`：TorchServe 启动时写了哪个文件？"),
        ],
        lesson: Text(
            en:
                "Since 0.11.1, TorchServe asks for a token from key_file.json in the header Authorization. `--disable-token-auth` turns that off.",
            zh: "从 0.11.1 起，TorchServe 要求在 Authorization 请求头中带上 key_file.json 里的令牌。`--disable-token-auth` 可以关闭该要求。"))

    private static let handler = BreakFault(
        number: 11,
        story: Text(
            en: "The archive was made without a complaint. After it is loaded, the model never becomes ready.", zh: "打包没有报错，但加载后模型一直没有就绪。"),
        base: .serving,
        files: [
            File(
                "needy.py",
                "import labhello\nclass H:\n    def initialize(self, c): pass\n    def handle(self, d, c): return [labhello.GREETING]\n")
        ],
        preparation: """
            mkdir -p /tmp/serve/store && cd /tmp/serve
            torch-model-archiver --model-name needy --version 1.0 --handler /work/needy.py --export-path store --force || exit

            """ + serve("--models needy=needy.mar --disable-token-auth"),
        command:
            "for i in $(seq 100); do grep -qs labhello /tmp/serve/logs/model_log.log && break; sleep 0.2; done; cat /tmp/serve/logs/model_log.log; false",
        cause: "ts-worker-missing-module", others: ["ts-model-archive-invalid", "ts-no-workers", "oom-killed"],
        hints: [
            Text(
                en: "The server is one process, and each worker is another one. Which of them writes model_log.log?",
                zh: "服务器是一个进程，每个 worker 是另一个进程。model_log.log 是谁写的？"),
            Text(en: "Read the traceback from its end.", zh: "从末尾开始读 traceback。"),
        ],
        lesson: Text(
            en:
                "The archiver doesn't run the handler, so it can't notice. The worker's Python needs every module that the handler imports.",
            zh: "打包工具不会运行处理程序，所以发现不了问题。worker 的 Python 环境必须有处理程序导入的所有模块。"))

    /// Like `curl -s`: prints what the server answers, whatever its status.
    private static let asking = """
        import sys, urllib.error, urllib.request
        try:
            answer = urllib.request.urlopen(sys.argv[1])
        except urllib.error.HTTPError as error:
            answer = error
        sys.stdout.write(answer.read().decode() + "\\n")
        sys.exit(answer.status >= 400)

        """
}
