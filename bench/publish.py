#!/usr/bin/env python3
"""publish.py SECTION: writes standard input between `<!-- SECTION: begin -->` and `<!-- SECTION: end -->` in docs/performance.md."""
import pathlib
import sys

section = sys.argv[1]
page = pathlib.Path(__file__).resolve().parent.parent / "docs" / "performance.md"
text = page.read_text(encoding="utf-8")
begin, end = f"<!-- {section}: begin -->", f"<!-- {section}: end -->"
before, found, rest = text.partition(begin)
_, also_found, after = rest.partition(end)
if not found or not also_found:
    sys.exit(f"publish: {page} does not contain the markers {begin} and {end}")
page.write_text(f"{before}{begin}\n{sys.stdin.read().strip()}\n{end}{after}", encoding="utf-8")
