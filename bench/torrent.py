#!/usr/bin/env python3
"""torrent.py AILAB LAB HOME: runs a container that prints 100,000 lines a second for ten seconds, and one that prints a gigabyte, each followed
by `docker logs -f` to /dev/null and by a run of ailab, alternating. Prints a table in Markdown. Exit code 1: a target was missed."""
import datetime
import os
import statistics
import subprocess
import sys
import threading
import time

AILAB, LAB, HOME = sys.argv[1:4]
ROUNDS = int(os.environ.get("ROUNDS", "3"))
NAME, IMAGE = "ailab-bench-flood", "ailab-bench/flood:latest"
# Lines a second, seconds.
CASES = {"100,000 lines a second, for ten seconds": (100_000, 10), "ten million lines, a gigabyte": (1_000_000, 10)}
QUIET = {"stdout": subprocess.DEVNULL, "stderr": subprocess.DEVNULL}
LIMIT, MEMORY = 1.1, 48


def remove():
    subprocess.run(["docker", "rm", "-f", NAME], **QUIET)


def by_docker(rate, seconds):
    begin = time.monotonic()
    subprocess.run(["docker", "run", "-d", "--name", NAME, IMAGE, "/flood", str(rate), str(seconds)], check=True, **QUIET)
    subprocess.run(["docker", "logs", "-f", NAME], check=True, **QUIET)
    return time.monotonic() - begin


def peaks():
    """The peak memory in MB of each process of ailab in this workspace."""
    found = {}
    for entry in os.listdir("/proc"):
        if not entry.isdigit():
            continue
        try:
            with open(f"/proc/{entry}/cmdline", "rb") as file:
                words = file.read().split(b"\0")
            if not words[0].endswith(b"/ailab") or not any(HOME.encode() in word for word in words):
                continue
            with open(f"/proc/{entry}/status") as file:
                found[entry] = next(int(line.split()[1]) / 1024 for line in file if line.startswith("VmHWM"))
        except (OSError, StopIteration):
            pass
    return found


def by_ailab(rate, seconds):
    highest, over = {}, threading.Event()

    def watch():
        while not over.wait(0.1):
            highest.update(peaks())

    watcher = threading.Thread(target=watch)
    watcher.start()
    begin = time.monotonic()
    try:
        subprocess.run(
            [AILAB, "step", "1.2", "--auto", "--force", "--plain", "--lab", LAB, "--home", HOME, "--set", f"rate={rate}", "--set",
             f"seconds={seconds}"], check=True, **QUIET)
        return time.monotonic() - begin, max(highest.values(), default=0)
    finally:
        over.set()
        watcher.join()


missed = False
print(f"{datetime.date.today()}, {os.cpu_count()} cores, load {os.getloadavg()[0]:.2f} at the start; {ROUNDS} runs each, alternating.\n")
print("| | `docker logs -f` | ailab | largest process of ailab |\n|---|---|---|---|")
results = []
for title, case in CASES.items():
    docker, ailab, memory = [], [], 0
    for _ in range(ROUNDS):
        remove()
        docker.append(by_docker(*case))
        remove()
        seconds, peak = by_ailab(*case)
        ailab.append(seconds)
        memory = max(memory, peak)
    remove()
    results.append((title, statistics.median(ailab) / statistics.median(docker), memory))
    print(f"| {title} | {statistics.median(docker):.1f} s | {statistics.median(ailab):.1f} s | {memory:.1f} MB |")
print()
for title, ratio, memory in results:
    missed |= ratio > LIMIT or memory > MEMORY
    print(f"- {'met' if ratio <= LIMIT else '**missed**'}: {title}: {ratio:.2f} of docker's time, at most {LIMIT}")
    print(f"- {'met' if memory <= MEMORY else '**missed**'}: {title}: {memory:.1f} MB, at most {MEMORY} MB")
sys.exit(1 if missed else 0)
