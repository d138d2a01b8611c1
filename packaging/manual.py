#!/usr/bin/env python3
"""Writes the manual page ailab(1) as Markdown for go-md2man.

    ailab --experimental-dump-help | packaging/manual.py README.md > ailab.1.md

The commands and options come from the program itself, exit codes and variables from the README: nothing is said twice.
"""
import json
import re
import sys


def plain(text):
    return " ".join((text or "").split())


def escaped(text):
    return re.sub(r"([\\<>*_])", r"\\\1", text)


def spelled(argument):
    """`--set NAME=VALUE`, `-f, --follow`, or the name of a positional argument."""
    if argument["kind"] == "positional":
        name = argument.get("valueName", "").upper()
        name = name + "…" if argument.get("isRepeating") else name
        return f"[*{name}*]" if argument.get("isOptional") else f"*{name}*"
    names = argument.get("names", [])
    dashes = {"short": "-", "long": "--", "longWithSingleDash": "-"}
    words = ", ".join(f"**{dashes[n['kind']]}{n['name']}**" for n in names)
    return words if argument["kind"] == "flag" else f"{words} *{argument.get('valueName', 'value').upper()}*"


def options(command):
    for argument in command.get("arguments", []):
        if not argument.get("shouldDisplay", True) or argument.get("valueName") in ("help", "version"):
            continue
        note = plain(argument.get("abstract"))
        values = argument.get("allValues")
        if values and not all(value in note for value in values):
            note += " One of " + ", ".join(values) + "."
        if argument.get("defaultValue"):
            note += f" Default: {argument['defaultValue']}."
        yield f"{spelled(argument)}\n: {escaped(note) or '(no description)'}\n"


def section(command, path):
    positional = [spelled(a) for a in command.get("arguments", []) if a["kind"] == "positional" and a.get("shouldDisplay", True)]
    print(f"## {' '.join([path] + positional)}\n\n{escaped(plain(command.get('abstract')))}\n")
    if command.get("discussion"):
        print(f"{escaped(plain(command['discussion']))}\n")
    print("\n".join(options(command)))
    for child in command.get("subcommands", []):
        if child.get("shouldDisplay", True) and child["commandName"] != "help":
            section(child, f"{path} {child['commandName']}")


def unlinked(text):
    return re.sub(r"\[([^]]*)\]\([^)]*\)", r"\1", text)


def main():
    program = json.load(sys.stdin)["command"]
    readme = open(sys.argv[1], encoding="utf-8").read()
    codes = re.search(r"^Exit codes: (.*)$", readme, re.M).group(1)
    table = re.search(r"^\| variable \| meaning \|\n\|.*\n((?:\|.*\n)+)", readme, re.M).group(1)
    print("ailab 1 \"\" \"ailab\" \"User commands\"\n==================================\n")
    print("# NAME\n\nailab - a lab assistant that runs every step, checks it, and explains every failure\n")
    print("# SYNOPSIS\n\n**ailab** [*COMMAND*] [*OPTIONS*]\n")
    print(f"# DESCRIPTION\n\n{escaped(plain(program['abstract']))} Without a command, **ailab** opens the walkthrough.\n")
    print("# COMMANDS\n")
    for child in program["subcommands"]:
        if child.get("shouldDisplay", True) and child["commandName"] != "help":
            section(child, f"ailab {child['commandName']}")
    print("# EXIT STATUS\n")
    for code, meaning in re.findall(r"\*\*(\d+)\*\* ([^·.]+)", codes):
        print(f"**{code}**\n: {meaning.strip()}\n")
    print("# ENVIRONMENT\n")
    for row in table.splitlines():
        names, meaning = [cell.strip() for cell in row.strip("|").split("|", 1)]
        print(f"{names.replace('`', '**')}\n: {unlinked(meaning)}\n")
    print("# FILES\n\n**~/.local/state/ailab**\n: The workspace: journals, output, and your files.\n")
    print("**~/.config/ailab/keys**\n: Keys of your own for the walkthrough.\n")
    print("# SEE ALSO\n\n**ailab-lab**(5), **docker**(1), **podman**(1)")


main()
