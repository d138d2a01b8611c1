#!/usr/bin/env bash
# Checks what the compiler can't: the dependencies between targets, and where each module may be imported. docs/ARCHITECTURE.md explains
# the reasons.
set -euo pipefail
cd "$(dirname "$0")/.."
bad=0

# Package.swift and the table in docs/ARCHITECTURE.md must list the same dependencies. A row: | `Target` (`Folder/`) | job | `Used`, `Used` |
drawn=$(sed -nE 's/^\| `([A-Za-z]+)` \(`[A-Za-z]+\/`\) \|.*\| *([^|]*)\|$/\1: \2/p' docs/ARCHITECTURE.md | tr -d '`,' | sort)
built=$(swift package describe --type text 2>/dev/null | awk '
    /^    Name: / { name = $2; path = ""; list = ""; reading = 0 }
    /^    Path: / { path = $2 }
    /^    [A-Z]/ { reading = 0 }
    /^    Target dependencies:/ { reading = 1; next }
    reading && /^        / { used[name] = used[name] " " $1 }
    /^    Path: Sources\/LabEngine\// { room[name] = 1 }
    END { for (name in room) print name ":" used[name] }' | sort)
own() { sed -E 's/ C[A-Z][A-Za-z]*//g; s/ Histogram//g' | awk '{ first = $1; $1 = ""; n = split($0, word, " "); asort_words(word, n); line = first; for (i = 1; i <= n; i++) line = line " " word[i]; print line }
    function asort_words(word, n,    i, j, held) { for (i = 2; i <= n; i++) for (j = i; j > 1 && word[j] < word[j - 1]; j--) { held = word[j]; word[j] = word[j - 1]; word[j - 1] = held } }'; }
if ! difference=$(diff <(own <<<"$drawn") <(own <<<"$built")); then
    echo "docs/ARCHITECTURE.md (<) and Package.swift (>) list different dependencies:"
    echo "$difference"
    bad=1
fi
# A target may import only its dependencies in Package.swift. An ordinary build doesn't notice others, because it finds them, too.
swift build --explicit-target-dependency-import-check error >/dev/null || { swift build --explicit-target-dependency-import-check error | grep error: ; bad=1; }

# only MODULE FOLDER…: MODULE may be imported only in these folders.
only() {
    local module=$1
    shift
    local found
    found=$(grep -rlE "^(package |public |internal |private |fileprivate |@[A-Za-z()]+ )*import $module\b" Sources --include='*.swift' || true)
    for file in $found; do
        local allowed=no
        for folder in "$@"; do case $file in "$folder"*) allowed=yes ;; esac; done
        if [ $allowed = no ]; then
            echo "$file: imports $module; only $* may do that"
            bad=1
        fi
    done
}
only CCurl Sources/LabEngine/Transport/ Sources/LabEngine/LoadTest/CurlWire.swift
only Histogram Sources/LabEngine/Telemetry/
only CYAML Sources/LabEngine/Lab/YAMLEvents.swift
only CNVML Sources/LabEngine/Telemetry/
only CNcursesw Sources/LabTUI/Terminal/
only CPictures Sources/LabTUI/Widgets/Picture+Decoding.swift
only CTerminal Sources/LabTUI/Terminal/ Sources/LabTUI/Cells/CellWidth.swift
only ArgumentParser Sources/ailab/ Sources/ailab-dev/
only LabTUI Sources/ailab/
# The program of the users hides one command: that of the runner. Commands that only developers need belong to ailab-dev.
hidden=$(grep -rnE 'shouldDisplay: *false|visibility: *\.(hidden|private)|"__' Sources/ailab --include='*.swift' | grep -v 'RunLauncher.subcommand' || true)
if [ -n "$hidden" ]; then
    echo "$hidden"
    echo "ailab must not hide a command besides __run; move it to ailab-dev"
    bad=1
fi
# The engine returns values. It neither prints nor reads the terminal.
if grep -rnE '(^|[^.A-Za-z])(print|debugPrint|Swift\.readLine)\(' Sources/LabEngine --include='*.swift'; then
    echo "the engine must not print or read the terminal"
    bad=1
fi
# A front end does something only through a use case.
if grep -rnE '\bEngineFinder\b|\b(Doctor|DockerClient|JournalWriter|LabInspection|LabTelemetry|RemedyPlanner|RemedyRunner|ReportSource|RunContext|WorkspaceLock)\(|\.makeRun\(|ChildProcess\.run' Sources/ailab Sources/LabTUI --include='*.swift'; then
    echo "a front end bypasses the use cases in Sources/LabEngine/UseCases"
    bad=1
fi
# Drawing and decisions are pure: no clock, no waiting, no concurrent work.
if grep -rnE '\b(await|Date\(\)|Task[ .{(])|^import Foundation' Sources/LabTUI/Cells Sources/LabTUI/Widgets Sources/LabTUI/App --include='*.swift' | grep -vE '///|//'; then
    echo "a pure folder of LabTUI must not wait or read the clock"
    bad=1
fi
# A switch over the kinds of action or event must list them all, so that the compiler finds the places that a new kind needs.
if grep -rnE '^\s*default:' Sources/LabEngine/Lab/Actions Sources/LabEngine/Runner/Actions Sources/LabEngine/Report/ReportFold.swift Sources/LabEngine/Runner/Journal/LabProgress.swift --include='*.swift' 2>/dev/null; then
    echo "this file must not use default:; list the kinds instead"
    bad=1
fi
# One folder knows a scheduler's name and words. Labs and the rest of the program say what they want of any scheduler.
if grep -rniE 'slurm|\b(squeue|sinfo)\b' Sources --include='*.swift' | grep -v '^Sources/LabEngine/Telemetry/Scheduler/'; then
    echo "only Sources/LabEngine/Telemetry/Scheduler may know a scheduler by its name"
    bad=1
fi
# A tag for what a test needs has an effect only beside .needsOfTags.
if tagged=$(grep -rnE '\.tags\([^)]*\.(engine|root)' Tests --include='*.swift' | grep -v '\.needsOfTags' | grep -v '///'); then
    echo "$tagged"
    echo "write .needsOfTags beside .tags(.engine) and .tags(.root), on the same line"
    bad=1
fi
exit $bad
