import Diagnosis
import LabSupport
import Testing

@Suite("Diagnosis of outputs") struct DiagnosisTests {
    private func causes(_ output: String, _ context: DiagnosisContext = DiagnosisContext()) -> [String] {
        Diagnosis.diagnose(output: output, context: context).map(\.cause)
    }

    @Test("nothing wrong, nothing found") func nothing() {
        #expect(causes("") == [])
        #expect(causes("Hello from Docker!\nThis message shows that your installation appears to be working correctly.") == [])
    }

    @Test("escape sequences, carriage returns and prompts do not hide a line") func decorated() throws {
        let error = "\u{1B}[31mCannot connect to the Docker daemon\u{1B}[0m at unix:///var/run/docker.sock."
        let output = "student@lab:~$ docker ps\r\n\(error)\rx\r\n"
        let finding = try #require(Diagnosis.diagnose(output: output).first)
        #expect(finding.cause == "docker-daemon-not-running")
        #expect(finding.evidence?.line == 2)
        #expect(finding.evidence?.text == "Cannot connect to the Docker daemon at unix:///var/run/docker.sock.")
    }

    @Test("a line that PowerShell broke in the middle of a word") func wrapped() {
        #expect(causes("RuntimeError: CUDA error: no kerne\nl image is available for execution\non the device") == ["gpu-arch-unsupported"])
    }

    @Test("a gap ends with its line unless the line was full") func gaps() {
        #expect(causes("error while creating the manifest for x\nall is well\nnot found") == [])
    }

    @Test("the reason stands before its consequence") func consequence() {
        let output = """
            WARNING: Retrying (Retry(total=4)) after connection broken by 'NewConnectionError: [Errno -3] Temporary failure in name resolution'
            ERROR: Could not find a version that satisfies the requirement numpy (from versions: none)
            ERROR: No matching distribution found for numpy
            """
        let findings = Diagnosis.diagnose(output: output)
        #expect(findings.map(\.cause) == ["dns-failure", "pip-no-matching-distribution"])
        #expect(findings.map(\.isConsequence) == [false, true])
    }

    @Test("what was tried again with success is no failure") func recovered() {
        let retry = "WARNING: Retrying (Retry(total=4)) after connection broken by 'ReadTimeoutError(\"Read timed out.\")': /simple/"
        #expect(causes(retry) == ["network-timeout"])
        #expect(causes(retry + "\nSuccessfully installed numpy-2.0.0") == [])
        #expect(causes("Killed\n" + "Successfully installed x-1") == [])
    }

    @Test("an unknown build failure shows the command's last words") func unknownBuild() throws {
        let output = """
            #5 [2/3] RUN ./prepare
            #5 0.100 preparing
            #5 0.200 the moon is not in the right phase
            #5 ERROR: process "/bin/sh -c ./prepare" did not complete successfully: exit code: 3
            ------
            Dockerfile:2
               2 | >>> RUN ./prepare
            """
        let finding = try #require(Diagnosis.diagnose(output: output).first)
        #expect(finding.cause == Finding.unknown)
        #expect(finding.evidence == Finding.Evidence(line: 3, text: "#5 0.200 the moon is not in the right phase"))
        #expect(finding.detail.map(\.line) == [7])
    }

    @Test("the words to search for aren't only what every program says of a missing file") func searchWords() {
        func words(_ output: String) -> String? {
            Diagnosis.diagnose(output: output).first?.remedies.map(\.text.en).first { $0.hasPrefix("Search the web") }
        }
        #expect(
            words("moond: error: execve(): /tmp/moond/job00080/phase: No such file or directory")
                == "Search the web for these words: \"moond: error: execve(): No such file or directory\"")
        #expect(
            words("error: /tmp/phase.c:12: the moon is not in the right phase")
                == "Search the web for these words: \"the moon is not in the right phase\"")
    }

    @Test("of interleaved tracebacks the first real exception counts") func interleaved() {
        let log = """
            2026-01-01T00:00:00,001 [INFO ] W-9000-a_1.0-stdout MODEL_LOG -     initialize_fn(service.context)
            2026-01-01T00:00:00,002 [INFO ] W-9001-b_1.0-stdout MODEL_LOG - ValueError: of the other worker
            2026-01-01T00:00:00,003 [INFO ] W-9000-a_1.0-stdout MODEL_LOG -   File "/tmp/h.py", line 3, in initialize
            2026-01-01T00:00:00,004 [INFO ] W-9000-a_1.0-stdout MODEL_LOG - KeyError: 'mine'
            2026-01-01T00:00:00,005 [WARN ] W-9000-a_1.0 org.pytorch.serve.wlm.BatchAggregator - Load model failed: a, error: Worker died.
            """
        let findings = Diagnosis.diagnose(output: log)
        #expect(findings.first?.cause == "ts-handler-init-error")
        #expect(findings.first?.evidence?.line == 4)
    }

    @Test("facts beside the output") func context() {
        #expect(causes("epoch 1", DiagnosisContext(exitCode: 137, outOfMemory: true)) == ["oom-killed"])
        #expect(causes("epoch 1", DiagnosisContext(exitCode: 1)) == ["unknown"])
        #expect(causes("epoch 1", DiagnosisContext(exitCode: 0)) == [])
        let crash = Diagnosis.diagnose(output: "epoch 1", context: DiagnosisContext(exitCode: 126)).first
        #expect(crash?.why.en.contains("can't be executed") == true)
    }

    @Test("JSON as documented") func json() {
        let findings = Diagnosis.diagnose(output: "Error response from daemon: No such container: x")
        let value = JSONValue(Array(Finding.json(findings, language: .en).utf8))
        #expect(value?.at("/schema") == .number(1))
        #expect(value?.at("/findings/0/cause") == .text("no-such-container"))
        #expect(value?.at("/findings/0/evidence/line") == .number(1))
        #expect(value?.at("/findings/0/remedies/0/commands/0") == .text("docker ps -a"))
        #expect(Finding.json([], language: .zh) == "{\"schema\":1,\"findings\":[]}")
    }

    @Test("a log that PowerShell saved as UTF-16") func utf16() {
        let text = "docker: Error response from daemon: No such container: x"
        var bytes: [UInt8] = [0xFF, 0xFE]
        for unit in text.utf16 { bytes += [UInt8(unit & 0xFF), UInt8(unit >> 8)] }
        #expect(CapturedText.decode(bytes) == text)
        #expect(CapturedText.decode(Array(text.utf8)) == text)
    }

    @Test("a long output is read in time that grows with its length only", .timeLimit(.minutes(1))) func long() {
        let line = "2026-01-01T00:00:00,001 [INFO ] W-9000-a_1.0-stdout MODEL_LOG - step 12345 of a long training, loss 0.123\n"
        #expect(causes(String(repeating: line, count: 5000)) == [])
    }
}
