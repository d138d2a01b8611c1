#!/usr/bin/env python3
"""tui_table.py: the tables of bench/tui.sh, from one JSON object a line. Exit code 1: a bar is missed."""
import datetime
import json
import os
import sys

rows = [json.loads(line) for line in sys.stdin if line.strip()]
titles = {
    "start": "Start", "idle": "At rest, then keys", "flood": "A flood of 10 000 lines a second, then keys while it goes on",
    "million": "A million lines"}
# Ratios to docker's own client in this run where there is one, else what the eye and a slow line ask for.
bars = [
    ("idle", "bytes/s", 0, "nothing is written to the terminal at rest"),
    ("idle", "processor %", 0.2, "at rest at most 0.2 % of a core"),
    ("flood", "keys lost", 0, "no key is lost in the flood"),
    ("flood", "key p99 ms", 10, "keys in the flood within 10 ms (p99)"),
    ("flood", "lag p50 ms", 30, "the newest line late by at most 30 ms (p50)"),
    ("flood", "lag p99 ms", 70, "and by at most 70 ms (p99)"),
]


def shown(value):
    if value is None:
        return "–"
    return f"{value:,.0f}".replace(",", " ") if abs(value) >= 100 else f"{value:.2f}" if abs(value) < 10 else f"{value:.1f}"


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
if logs:
    ratio = own["flood"]["processor %"] / logs["processor %"]
    missed += ratio > 1
    print(f"- {'met' if ratio <= 1 else '**missed**'}: in the flood {ratio:.2f} of the processor time of `docker logs -f`, at most 1")
sys.exit(1 if missed else 0)
