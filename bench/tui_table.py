#!/usr/bin/env python3
"""tui_table.py: prints the tables of bench/tui.sh from one JSON object per line. Exit code 1: a target was missed."""
import datetime
import json
import os
import sys

rows = [json.loads(line) for line in sys.stdin if line.strip()]
titles = {
    "start": "Start, with 20 containers on the engine", "idle": "Idle, then key presses", "flood": "A flood of 10,000 lines per second, with key presses meanwhile",
    "million": "A million lines"}
# The limits that the eye and a slow connection require. The ratio to Docker's client follows below.
bars = [
    ("idle", "bytes/s", 0, "writes nothing to the terminal when idle"),
    ("idle", "CPU %", 0.05, "uses at most 0.05% of a core when idle"),
    ("idle", "RSS MB", 24, "has at most 24 MB resident when idle"),
    ("flood", "keys lost", 0, "loses no key press in the flood"),
    ("flood", "key p99 ms", 10, "reacts to a key press in the flood within 10 ms (p99)"),
    ("flood", "lag p50 ms", 30, "shows the newest line at most 30 ms late (p50)"),
    ("flood", "lag p99 ms", 70, "shows the newest line at most 70 ms late (p99)"),
]


def shown(value):
    if value is None:
        return "–"
    return f"{value:,.0f}" if abs(value) >= 100 else f"{value:.2f}" if abs(value) < 10 else f"{value:.1f}"


load = os.getloadavg()[0]
print(f"{datetime.date.today()}, {os.cpu_count()} cores, load {load:.2f} at the end.\n")
for scenario, title in titles.items():
    mine = [row for row in rows if row["scenario"] == scenario]
    columns = list(dict.fromkeys(key for row in mine for key in row if key not in ("name", "scenario")))
    print(f"**{title}**\n\n| | " + " | ".join(columns) + " |\n|---" * 1 + "|---" * len(columns) + "|")
    for row in mine:
        print(f"| {row['name']} | " + " | ".join(shown(row[key]) if key in row else "" for key in columns) + " |")
    print()
own = {row["scenario"]: row for row in rows if row["name"] == "ailab"}
logs = next((row for row in rows if row["scenario"] == "flood" and row["name"] == "docker logs -f"), None)
missed = 0
for scenario, key, bar, words in bars:
    value = own[scenario].get(key)
    good = value is not None and value <= bar
    missed += not good
    print(f"- {'met' if good else '**missed**'}: {words}: {shown(value)}")
listing = next((row for row in rows if row["scenario"] == "start" and row["name"] == "docker ps"), None)
if listing:
    ratio = own["start"]["complete ms"] / listing["complete ms"]
    missed += ratio > 0.8
    print(f"- {'met' if ratio <= 0.8 else '**missed**'}: the first complete screen after {ratio:.2f} of the time of `docker ps`, at most 0.8")
if logs:
    for key, words in (("CPU %", "the walkthrough's"), ("all of ailab CPU %", "all of ailab's (walkthrough, runner, printing watcher)")):
        ratio = own["flood"][key] / logs["CPU %"]
        missed += ratio > 1
        print(f"- {'met' if ratio <= 1 else '**missed**'}: {words} CPU time in the flood: {ratio:.2f} of `docker logs -f`, at most 1")
sys.exit(1 if missed else 0)
