#!/usr/bin/env python3
"""Alternates between commands (A B A B …) and prints a table of medians, so that the machine's noise affects all of them equally.

  compare.py --meter METER --title TITLE [--runs N] [--engine SOCKET] [--after COMMAND] [--bar MEASURE=RATIO]… NAME=COMMAND…

--engine SOCKET   adds the CPU time that the process behind that unix socket used meanwhile
--bar wall=1.05   fails if the first command's median exceeds this multiple of the second's (wall, cpu) or, for `resident`,
                  this number of MB
"""
import argparse
import json
import os
import shlex
import socket
import statistics
import struct
import subprocess
import sys
import time


def arguments():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--meter", required=True)
    parser.add_argument("--title", required=True)
    parser.add_argument("--runs", type=int, default=5)
    parser.add_argument("--engine")
    parser.add_argument("--after")
    parser.add_argument("--bar", action="append", default=[])
    parser.add_argument("cases", nargs="+", metavar="NAME=COMMAND")
    return parser.parse_args()


def listener(path):
    """The id of the process behind a unix socket, from the kernel."""
    with socket.socket(socket.AF_UNIX) as connection:
        connection.connect(path)
        return struct.unpack("3i", connection.getsockopt(socket.SOL_SOCKET, socket.SO_PEERCRED, 12))[0]


def processor_time(pid):
    """CPU time of a whole process in seconds, from its CPU clock (nanosecond resolution)."""
    return time.clock_gettime((~pid << 3) | 2) if pid else 0.0


def measure(options, command, pid):
    before = processor_time(pid)
    done = subprocess.run([options.meter, *shlex.split(command)], stdout=subprocess.PIPE, stderr=subprocess.PIPE, check=False)
    figures = json.loads(done.stdout)
    if figures["exit"] != 0:
        sys.exit(f"compare: `{command}` exited with {figures['exit']}: {done.stderr.decode(errors='replace')[-800:]}")
    figures["cpu"] = figures["user"] + figures["system"]
    figures["engine"] = processor_time(pid) - before
    if options.after:
        subprocess.run(options.after, shell=True, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL, check=False)
    return figures


def show(seconds):
    return f"{seconds * 1000:.1f} ms" if seconds < 0.2 else f"{seconds:.2f} s"


def table(options, names, medians, spans):
    print(f"**{options.title}** ({options.runs} runs each, alternating)\n")
    engine = options.engine is not None
    print("| | wall time | fastest … slowest | CPU time | of which system | peak memory |" + (" engine's CPU time |" if engine else ""))
    print("|---|---|---|---|---|---|" + ("---|" if engine else ""))
    for name in names:
        m = medians[name]
        row = [name, show(m["wall"]), " … ".join(show(x) for x in spans[name]), show(m["cpu"]), show(m["system"]), f"{m['resident']:.1f} MB"]
        print("| " + " | ".join(row + ([show(m["engine"])] if engine else [])) + " |")
    print()


def judge(options, ours, theirs):
    """Prints each target with the figure that was reached; returns whether one was missed."""
    missed = False
    for bar in options.bar:
        measure_name, limit = bar.split("=")
        if measure_name == "resident":
            reached, text = ours["resident"], f"peak memory {ours['resident']:.1f} MB, at most {limit} MB"
        else:
            reached = ours[measure_name] / theirs[measure_name]
            name = {"wall": "wall time", "cpu": "CPU time"}[measure_name]
            text = f"{name} {reached:.2f} of docker's, at most {limit}"
        met = reached <= float(limit)
        missed = missed or not met
        print(f"- {'met' if met else '**missed**'}: {text}")
    print()
    return missed


def main():
    options = arguments()
    cases = [case.split("=", 1) for case in options.cases]
    pid = listener(options.engine) if options.engine else None
    results = {name: [] for name, _ in cases}
    for run in range(options.runs + 1):
        for name, command in cases:
            figures = measure(options, command, pid)
            # The first round only fills caches.
            if run > 0:
                results[name].append(figures)
            print(f"{options.title}: {name}: {figures['wall']:.3f} s", file=sys.stderr)
    names = [name for name, _ in cases]
    keys = ["wall", "cpu", "user", "system", "resident", "engine"]
    medians = {name: {key: statistics.median(x[key] for x in results[name]) for key in keys} for name in names}
    spans = {name: (min(x["wall"] for x in results[name]), max(x["wall"] for x in results[name])) for name in names}
    table(options, names, medians, spans)
    ratios = [a["wall"] / b["wall"] for a, b in zip(results[names[0]], results[names[1]])]
    print(f"{names[0]} / {names[1]}, run by run: wall time {statistics.median(ratios):.2f}\n")
    sys.exit(1 if judge(options, medians[names[0]], medians[names[1]]) else 0)


main()
