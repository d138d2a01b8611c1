#!/usr/bin/env python3
"""tui.py: measures full-screen terminal programs from outside, each in a pseudo-terminal of 120 by 40. Called by bench/tui.sh.

It records what a program writes, with the time of arrival. Screens are rebuilt after the run, so that the emulator takes no CPU time from
the program. Time zero is just before the program starts. CPU time is that of the process and its children by the kernel's clock, not wall
time. Keys are pressed at irregular intervals, so that they don't fall into step with anyone's timer.
"""
import argparse
import fcntl
import json
import os
import random
import re
import select
import shlex
import signal
import statistics
import struct
import subprocess
import sys
import termios
import time

try:
    import pyte
except ImportError:
    sys.exit("bench: the Python package pyte is missing: apt-get install python3-pyte, or pip install pyte")

ROWS, COLUMNS = 40, 120
now = time.monotonic


def percentile(values, share):
    """A percentile by linear interpolation; None if there are no values."""
    if not values:
        return None
    ordered = sorted(values)
    place = (len(ordered) - 1) * share
    low = int(place)
    high = min(low + 1, len(ordered) - 1)
    return ordered[low] + (ordered[high] - ordered[low]) * (place - low)


def family(root):
    """A process and all its descendants."""
    children = {}
    for name in os.listdir("/proc"):
        if name.isdigit():
            try:
                fields = open(f"/proc/{name}/stat").read().rsplit(")", 1)[1].split()
            except OSError:
                continue
            children.setdefault(int(fields[1]), []).append(int(name))
    found, todo = [], [root]
    while todo:
        found.append(todo.pop())
        todo += children.get(found[-1], [])
    return found


def processor_seconds(pid):
    """CPU time of the process, its living descendants, and the children that they have waited for."""
    total, ticks = 0.0, os.sysconf("SC_CLK_TCK")
    for member in family(pid):
        try:
            total += time.clock_gettime((~member << 3) | 2)  # CPUCLOCK_SCHED: nanoseconds, not ticks
            fields = open(f"/proc/{member}/stat").read().rsplit(")", 1)[1].split()
        except OSError:
            continue
        total += (int(fields[13]) + int(fields[14])) / ticks
    return total


def resident(pid):
    """Megabytes of all resident pages, and of the private ones (without pages of files, which any program may share)."""
    rss = own = 0
    for line in open(f"/proc/{pid}/smaps_rollup"):
        if line.startswith("Rss:"):
            rss = int(line.split()[1])
        if line.startswith("Anonymous:"):
            own = int(line.split()[1])
    return rss / 1024, own / 1024


class Terminal:
    """A program in its own pseudo-terminal."""

    def __init__(self, command):
        self.master, slave = os.openpty()
        fcntl.ioctl(self.master, termios.TIOCSWINSZ, struct.pack("HHHH", ROWS, COLUMNS, 0, 0))
        path = os.ttyname(slave)
        environment = {k: v for k, v in os.environ.items() if k not in ("COLUMNS", "LINES")} | {"TERM": "xterm-256color"}
        arguments = shlex.split(command)
        self.chunks = []
        self.start = now()
        self.pid = os.posix_spawnp(
            arguments[0], arguments, environment, setsid=True,
            file_actions=[(os.POSIX_SPAWN_OPEN, 0, path, os.O_RDWR, 0), (os.POSIX_SPAWN_DUP2, 0, 1), (os.POSIX_SPAWN_DUP2, 0, 2)])
        os.close(slave)
        self.open = True

    def watch(self, until):
        """Records the program's output until that time."""
        while self.open and (left := until - now()) > 0:
            if not select.select([self.master], [], [], left)[0]:
                return
            try:
                data = os.read(self.master, 1 << 16)
            except OSError:
                data = b""
            if not data:
                self.open = False
                break
            self.chunks.append((now(), data))
        time.sleep(max(0, until - now()))

    def press(self, keys):
        moment = now()
        os.write(self.master, keys)
        return moment

    def end(self, keys):
        if self.open and keys:
            self.press(keys)
        patience = now() + 3
        while now() < patience:
            if os.waitpid(self.pid, os.WNOHANG)[0]:
                break
            self.watch(now() + 0.01)
        else:
            os.killpg(self.pid, signal.SIGKILL)
            os.waitpid(self.pid, 0)
        os.close(self.master)


class Replay:
    """The screen at any time of a recording. Times must not go backwards."""

    def __init__(self, terminal):
        self.chunks, self.next = terminal.chunks, 0
        self.screen = pyte.Screen(COLUMNS, ROWS)
        self.stream = pyte.ByteStream(self.screen)

    def to(self, moment):
        while self.next < len(self.chunks) and self.chunks[self.next][0] <= moment:
            self.stream.feed(self.chunks[self.next][1])
            self.next += 1

    def step(self, limit):
        """Feeds one chunk that arrived before the limit and returns its time, or None if there is no such chunk."""
        if self.next >= len(self.chunks) or self.chunks[self.next][0] > limit:
            return None
        moment, data = self.chunks[self.next]
        self.stream.feed(data)
        self.next += 1
        return moment

    @property
    def text(self):
        return "\n".join(self.screen.display)


def start_once(command, wanted, leave):
    """One start: the time to the first byte, the time to the complete screen, and the CPU time of the first second."""
    terminal = Terminal(command)
    terminal.watch(terminal.start + 1)
    used = processor_seconds(terminal.pid) if terminal.open else None
    terminal.end(leave)
    replay, ready = Replay(terminal), None
    while ready is None and (moment := replay.step(terminal.start + 1)) is not None:
        if all(re.search(each, replay.text) for each in wanted):
            ready = moment
    if ready is None:
        sys.exit(f"bench: {command} never showed {wanted}:\n{replay.text}")
    return (terminal.chunks[0][0] - terminal.start) * 1e3, (ready - terminal.start) * 1e3, used and used * 1e3


def start(options):
    """Starts of the program, alternating with those of the command beside it."""
    programs = [(options.name, options.command, options.ready, options.quit)]
    if options.beside:
        programs.append((options.beside, options.beside, [options.beside_ready], b""))
    runs = [[] for _ in programs]
    for _ in range(options.runs):
        for index, (_, command, wanted, leave) in enumerate(programs):
            runs[index].append(start_once(command, wanted, leave))
    rows = []
    for (name, *_), figures in zip(programs, runs):
        middle = [statistics.median([run[i] for run in figures if run[i] is not None] or [0]) for i in range(3)]
        rows.append({"name": name, "first byte ms": middle[0], "complete ms": middle[1], "CPU ms": middle[2] or None})
    return rows


def runner(load):
    """The runner below the command that produces the flood, or None."""
    for member in family(load.pid):
        try:
            if b"__run" in open(f"/proc/{member}/cmdline", "rb").read():
                return member
        except OSError:
            continue
    return None


def window(options, terminal, seconds, engine, load=None):
    """CPU time, bytes and memory during a period. With `load`, also the CPU time of ailab's other processes."""
    worker = load and runner(load)
    others = [pid for pid in (load and load.pid, worker) if pid]
    used, engine_used, begin = processor_seconds(terminal.pid), engine and processor_seconds(engine), now()
    others_used = [processor_seconds(pid) for pid in others]
    terminal.watch(begin + seconds)
    length = now() - begin
    others_used = [(processor_seconds(pid) - before) / length * 100 for pid, before in zip(others, others_used)]
    written = sum(len(data) for moment, data in terminal.chunks if moment >= begin)
    rss, own = resident(terminal.pid)
    figures = {
        "CPU %": (processor_seconds(terminal.pid) - used) / length * 100, "bytes/s": written / length,
        "RSS MB": rss, "private MB": own}
    if worker:
        family_used, runner_used = others_used
        figures |= {
            "runner CPU %": runner_used, "printing watcher CPU %": family_used - runner_used,
            "all of ailab CPU %": figures["CPU %"] + family_used}
    if engine:
        figures["engine's CPU %"] = (processor_seconds(engine) - engine_used) / length * 100
    return begin, figures


def keys(options, terminal, count):
    """The time from just before a key is written until its effect is on the screen."""
    noise, marks = random.Random(5), []
    for _ in range(count):
        for key, wanted in ((options.key, True), (options.undo, False)):
            marks.append((terminal.press(key), wanted))
            terminal.watch(now() + 0.15 + noise.random() / 10)
    replay, waits, lost = Replay(terminal), [], 0
    for index, (pressed, wanted) in enumerate(marks):
        replay.to(pressed)
        limit = marks[index + 1][0] if index + 1 < len(marks) else pressed + 0.3
        while (moment := replay.step(limit)) is not None:
            if bool(re.search(options.expect, replay.text)) == wanted:
                waits.append((moment - pressed) * 1e3)
                break
        else:
            lost += 1
    return {"key p50 ms": percentile(waits, 0.5), "key p99 ms": percentile(waits, 0.99), "keys lost": lost}


def idle(options):
    terminal = Terminal(options.command)
    terminal.watch(now() + 4)
    _, figures = window(options, terminal, options.seconds, options.engine)
    if options.key:
        figures |= keys(options, terminal, 40)
    terminal.end(options.quit)
    return figures


def flood(options):
    """While timestamped lines stream in: how late is the newest one on the screen?"""
    terminal = Terminal(options.command) if not options.late else None
    if terminal:
        terminal.watch(now() + 2)
    load = subprocess.Popen(options.load, shell=True, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
    terminal = terminal or Terminal(options.command)
    terminal.watch(now() + 4)
    begin, figures = window(options, terminal, options.seconds, options.engine, load)
    end = now()
    if options.key:
        figures |= keys(options, terminal, 15)
    last = resident(terminal.pid) if terminal.open else (0, 0)
    terminal.end(options.quit)
    load.wait()
    replay, moment, lags = Replay(terminal), begin, []
    offset = time.time() - now()
    while moment < end:
        moment += 0.02
        replay.to(moment)
        stamps = [int(stamp) for stamp in re.findall(r"T=(\d{13})", replay.text)]
        if stamps:
            lags.append((moment + offset) * 1e3 - max(stamps))
    if not lags:
        sys.exit(f"bench: no line of the flood appeared on the screen:\n{replay.text}")
    return figures | {"lag p50 ms": percentile(lags, 0.5), "lag p99 ms": percentile(lags, 0.99), "RSS at the end MB": last[0]}


def million(options):
    """Memory before and after a million lines."""
    terminal = Terminal(options.command)
    terminal.watch(now() + 3)
    before = resident(terminal.pid)
    load = subprocess.Popen(options.load, shell=True, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
    while load.poll() is None:
        terminal.watch(now() + 0.2)
    terminal.watch(now() + 1)
    after = resident(terminal.pid)
    terminal.end(options.quit)
    return {"RSS before MB": before[0], "RSS after MB": after[0], "private before MB": before[1], "private after MB": after[1]}


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument("scenario", choices=["start", "idle", "flood", "million"])
    parser.add_argument("--name", required=True)
    parser.add_argument("--command", required=True)
    parser.add_argument("--ready", action="append", default=[], help="a regular expression; the complete screen must match all of them")
    parser.add_argument("--quit", default="")
    parser.add_argument("--beside", default="", help="start: a command that is measured in turn with the program")
    parser.add_argument("--beside-ready", default=".")
    parser.add_argument("--key", default="")
    parser.add_argument("--expect", default="")
    parser.add_argument("--undo", default="")
    parser.add_argument("--load", default="", help="a shell command that produces the flood and ends by itself")
    parser.add_argument("--late", action="store_true", help="start the program after the load, because the load creates what the program shows")
    parser.add_argument("--engine", type=int, help="process id of the engine")
    parser.add_argument("--seconds", type=float, default=15)
    parser.add_argument("--runs", type=int, default=10)
    options = parser.parse_args()
    for name in ("quit", "key", "undo"):
        setattr(options, name, getattr(options, name).encode().decode("unicode_escape").encode("latin-1"))
    figures = {"start": start, "idle": idle, "flood": flood, "million": million}[options.scenario](options)
    for row in figures if isinstance(figures, list) else [figures]:
        print(json.dumps({"name": options.name, "scenario": options.scenario} | row))


main()
