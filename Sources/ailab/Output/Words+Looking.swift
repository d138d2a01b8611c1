import ContainerEngine
import HTTPTransport
import LabEngine
import LabRunner
import LabSupport

extension Words {
    func standing(_ verdict: LabInspection.Verdict) -> String {
        let run = verdict.run.map { pick(" in run \($0)", "（运行 \($0)）") } ?? ""
        switch verdict.state {
        case .done where verdict.isByHand: return pick("done by hand", "已手动完成")
        case .done: return pick("done\(run)", "已完成\(run)")
        case .noLonger(.changed):
            return pick("done\(run), but its files or settings have changed since", "曾完成\(run)，但此后文件或设置有变化")
        case .noLonger(.gone): return pick("was done\(run), but what it made is gone", "曾完成\(run)，但成果已不存在")
        case .open, .blocked, .waiting, .running, .failed, .cancelled, .interrupted, .skipped, .read, .unavailable:
            return verdict.state.text[language]
        }
    }

    /// Before what a run that is over did, where somebody asked to follow it.
    func notAtWork(_ selection: String, shown run: Int, instead other: Int?) -> String {
        let reason =
            other.map {
                pick("Run \($0) is active, but it doesn't include \(selection).", "正在进行的运行 \($0) 不包含 \(selection)。")
            } ?? pick("No run is active.", "当前没有正在进行的运行。")
        return reason + pick(" This is the output of run \(run), which has ended:", "以下是已结束的运行 \(run) 的内容：")
    }

    /// How far the lab is; what was passed over is told apart.
    func tally(_ tally: LabTally) -> String {
        var parts = [pick("\(tally.done) of \(tally.all) sub-steps done", "共 \(tally.all) 个小节，已完成 \(tally.done) 个")]
        if tally.skipped > 0 { parts.append(pick("\(tally.skipped) skipped", "跳过 \(tally.skipped) 个")) }
        if tally.unavailable > 0 { parts.append(pick("\(tally.unavailable) not on this machine", "\(tally.unavailable) 个本机不适用")) }
        if tally.read > 0 { parts.append(pick("\(tally.read) read", "已读 \(tally.read) 个")) }
        return listed(parts) + pick(".", "。")
    }

    func verified(_ done: Int, of all: Int) -> String {
        pick("\(done) of \(all) sub-steps are done.", "共 \(all) 个小节，已完成 \(done) 个。")
    }

    func origin(_ origin: EngineCandidate.Origin) -> String {
        switch origin {
        case .dockerHost: "DOCKER_HOST"
        case .context(let name): pick("docker context \(name)", "docker 上下文 \(name)")
        case .defaultSocket: pick("the default socket", "默认套接字")
        case .rootlessDocker: "rootless docker"
        case .dockerDesktop: "Docker Desktop"
        case .rootlessPodman: "rootless podman"
        case .podman: "podman"
        case .ailab: pick("ailab's own engine", "ailab 私有引擎")
        }
    }

    func engineAnswers(_ kind: String, _ ping: PingInfo, _ endpoint: Endpoint, _ origin: EngineCandidate.Origin) -> String {
        let version = ping.apiVersion?.description ?? "?"
        return pick(
            "Engine: \(kind), API \(version), at \(endpoint.dockerHost) (\(self.origin(origin)))",
            "引擎：\(kind)，API \(version)，位于 \(endpoint.dockerHost)（\(self.origin(origin))）")
    }
}

extension Words {
    /// The settings that were saved, as one types them.
    func settingsChanged(_ settings: SettingsChanged) -> String {
        let options = settings.applied(to: RunOptions()).words
        let typed = options.isEmpty ? pick("the lab's own", "实验默认值") : ShellWord.line(options)
        return pick("Settings of this workspace: \(typed)", "本工作区的设置：\(typed)")
    }
}
