#!/usr/bin/env bash
# The arrows between folders, which the compiler does not hold: which module may be imported where.
# docs/ARCHITECTURE.md says why.
set -euo pipefail
cd "$(dirname "$0")/.."
bad=0
# only MODULE FOLDER…: MODULE is imported in these folders and nowhere else.
only() {
    local module=$1
    shift
    local found
    found=$(grep -rlE "^(package |public |internal |private |fileprivate |@[A-Za-z()]+ )*import $module\b" Sources --include='*.swift' || true)
    for file in $found; do
        local allowed=no
        for folder in "$@"; do case $file in "$folder"*) allowed=yes ;; esac; done
        if [ $allowed = no ]; then
            echo "$file: imports $module, which only $* may"
            bad=1
        fi
    done
}
only CCurl Sources/LabEngine/Transport/ Sources/LabEngine/Telemetry/Load/CurlWire.swift
only Histogram Sources/LabEngine/Telemetry/
only CYAML Sources/LabEngine/Lab/YAMLEvents.swift
only CNVML Sources/LabEngine/Telemetry/
only CNcursesw Sources/LabTUI/Terminal/
only CTerminal Sources/LabTUI/Terminal/ Sources/LabTUI/Cells/CellWidth.swift
only ArgumentParser Sources/ailab/
only LabTUI Sources/ailab/
# The engine returns values: it neither prints nor reads the terminal.
if grep -rnE '(^|[^.A-Za-z])(print|debugPrint|Swift\.readLine)\(' Sources/LabEngine --include='*.swift'; then
    echo "LabEngine prints or reads the terminal"
    bad=1
fi
# What is drawn and decided is pure: no clock, no waiting, no work beside the loop.
if grep -rnE '\b(await|Date\(\)|Task[ .{(])|^import Foundation' Sources/LabTUI/Cells Sources/LabTUI/Widgets Sources/LabTUI/App --include='*.swift' | grep -vE '///|//'; then
    echo "a pure folder of LabTUI waits, or looks at the clock"
    bad=1
fi
# Folders lower in the engine name nothing of the higher ones.
lower() {
    local folder=$1 pattern=$2
    if grep -rnE "\b($pattern)\b" "Sources/LabEngine/$folder" --include='*.swift' | grep -v '///'; then
        echo "Sources/LabEngine/$folder names a type of a folder above it"
        bad=1
    fi
}
lower Support 'DockerClient|CurlHTTPClient|LabSpec|TorchServeClient|JournalWriter'
lower Transport 'DockerClient|LabSpec|TorchServeClient|JournalWriter'
lower Docker 'LabSpec|TorchServeClient|JournalWriter'
lower TorchServe 'DockerClient|LabSpec|JournalWriter'
lower Telemetry 'LabSpec|JournalWriter|JournalReader|RunContext|RunFolder'
lower Host 'DockerClient|TorchServeClient|JournalWriter|CurlHTTPClient|RunContext'
lower PrivateEngine 'TorchServeClient|LabSpec|JournalWriter|RunContext'
lower Doctor/Symptoms 'JournalWriter|RunContext|RunHistory|DoctorScene'
lower Doctor/Cures 'JournalWriter|RunContext|RunHistory|DoctorScene'
lower Runner 'DoctorScene|DoctorReport|LabReport|ReportSource'
lower Report 'DoctorScene|DoctorReport'
lower Lab 'DockerClient|TorchServeClient|JournalWriter|CurlHTTPClient'
exit $bad
