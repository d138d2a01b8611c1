#!/usr/bin/env python3
"""Makes a class out of one real report: COUNT submissions, 40 of them tampered with in ten ways, each report with its own journals and containers.

    bench/grade.py REPORT.json FOLDER [COUNT]

The ways are those of the tests (GradingTests), as far as a report shows them.
"""
import hashlib
import json
import os
import sys


def digest(*words):
    return hashlib.sha256(" ".join(map(str, words)).encode()).hexdigest()


def sealed(report):
    text = json.dumps(report, ensure_ascii=False, separators=(",", ":"))
    for character, escape in (("&", "\\u0026"), ("<", "\\u003c"), (">", "\\u003e")):
        text = text.replace(character, escape)
    return text[:-1] + ',"seal":"' + hashlib.sha256(text.encode()).hexdigest() + '"}'


def student(original, number):
    report = json.loads(json.dumps(original))
    report.pop("seal", None)
    report["author"] = f"Student {number}"
    report["workspace"] = digest("workspace", number)[:8]
    for task in report["tasks"]:
        for attempt in task["attempts"]:
            for made in attempt["created"]:
                made["id"] = digest(made["kind"], made["name"], number)
    link = "0" * 64
    for run in report["runs"]:
        head = digest("run", run["run"], number)
        run["chain"] = {"first": link, "head": head, "lines": 700, "broken": 0, "unlinked": 0}
        run["missing"] = run["unreadable"] = 0
        link = head
    report["cautions"] = [c for c in report["cautions"] if c["code"] not in ("journal.chain", "journal.torn", "run.gone")]
    return report


def main():
    original = json.load(open(sys.argv[1], encoding="utf-8"))
    folder, count = sys.argv[2], int(sys.argv[3]) if len(sys.argv) > 3 else 500
    for number in range(count):
        report = student(original, number)
        way = number % 10 if number >= count - 40 else None
        broken = {"first": None, "head": digest(number), "lines": 700, "broken": 1, "unlinked": 0}
        if way == 2:
            report["done"] += 1
        elif way == 3:
            report = student(original, number // 10 % 4)
            report["author"] = f"Student {number}"
        elif way in (4, 6):
            report["runs"][-1]["chain"] = broken
        elif way == 5:
            report["besidesChain"] = broken
        elif way == 7:
            report["cautions"].append({"code": "run.gone", "tasks": [], "runs": [1], "details": []})
        elif way == 8:
            report["runs"][-1]["setBack"] = 4900.0
        text = sealed(report)
        if way == 0:
            text = text.replace('"accuracy":0.9', '"accuracy":0.99', 1)
        elif way == 1:
            text = f"<html><template id=\"ailab-report\" data-page=\"{digest('page')}\">{text}</template>\n<body></body></html>"
        path = os.path.join(folder, f"s{number:04}")
        os.makedirs(path)
        with open(os.path.join(path, "report.html" if way == 1 else "report.json"), "w", encoding="utf-8") as file:
            file.write(text)


main()
