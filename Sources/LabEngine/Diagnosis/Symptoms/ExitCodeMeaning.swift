import LabSupport

/// What an exit code means to shells and engines.
enum ExitCodeMeaning {
    static func text(_ code: Int) -> Text? { meanings[code] }

    private static let meanings = [
        125: Text(
            en: "Exit code 125: Docker itself failed, and the program in the container never started.",
            zh: "退出码 125：Docker 自身出错，容器里的程序并没有启动。"),
        126: Text(en: "Exit code 126: the program was found, but it can't be executed.", zh: "退出码 126：找到了程序，但无法执行。"),
        127: Text(en: "Exit code 127: the program was not found.", zh: "退出码 127：找不到该程序。"),
        130: Text(en: "Exit code 130: interrupted with Ctrl-C.", zh: "退出码 130：被 Ctrl-C 中断。"),
        134: Text(en: "Exit code 134: the program aborted itself (SIGABRT).", zh: "退出码 134：程序自行中止（SIGABRT）。"),
        137: Text(
            en: "Exit code 137: killed (SIGKILL) by a memory limit, by `docker stop`, or by a person.",
            zh: "退出码 137：被外部强制结束（SIGKILL）：可能是内存限制、`docker stop`，或人为操作。"),
        139: Text(en: "Exit code 139: the program crashed in native code (SIGSEGV).", zh: "退出码 139：程序在原生代码中崩溃（SIGSEGV）。"),
        143: Text(
            en: "Exit code 143: stopped (SIGTERM), for example by `docker stop`.", zh: "退出码 143：收到终止信号（SIGTERM），例如 `docker stop` 发出的。"),
    ]
}
