#!/usr/bin/env python3
"""judge.py AILAB HAND PATH: prints the table of bench/lab.sh. AILAB and HAND are seconds; PATH is what `ailab-dev critical-path` prints."""
import json
import sys

ailab, hand, path = float(sys.argv[1]), float(sys.argv[2]), json.loads(sys.argv[3])
chain = path["seconds"]
print("| | seconds | ratio to the commands |")
print("|---|---|---|")
print(f"| ailab, `step all --auto` | {ailab:.1f} | {ailab / hand:.2f} |")
print(f"| the commands, one after the other | {hand:.1f} | 1 |")
print(f"| longest chain of ailab's tasks | {chain:.1f} | {chain / hand:.2f} |")
print(f"| all of ailab's tasks, one after the other | {path['sum']:.1f} | {path['sum'] / hand:.2f} |")
print("\nThe chain: " + " → ".join(f"{task['id']} ({task['seconds']:.1f} s)" for task in path["tasks"]) + ".\n")
faster, close = ailab <= hand, ailab <= 1.05 * chain
print(f"- {'met' if faster else '**missed**'}: no slower than the commands")
print(f"- {'met' if close else '**missed**'}: {ailab / chain:.3f} of the longest chain, at most 1.05")
sys.exit(0 if faster and close else 1)
