#!/usr/bin/env python3
"""Teach a small network to read handwritten digits (MNIST), on the GPU when there is one, else on the CPU.

It reads the four MNIST files from --data, trains for --epochs rounds, tests on 10 000 digits that it has never seen, and saves
to --out:
    mnist_cnn.pt     what was learned (the weights)
    mnist_model.py   the network that these weights belong to
    metrics.json     how good it is, and how long it took
    checkpoint.pt    only while it runs: an interrupted training continues from here

Lines that begin with "@ailab " hold one JSON object each. They are for programs: the lab draws the loss curve from them.

Exit codes: 0 done, 2 wrong arguments, 3 something is missing (data, or the GPU that was asked for), 130 or 143 interrupted.
"""
import argparse
import gzip
import json
import os
import shutil
import signal
import struct
import sys
import time
from pathlib import Path

# MNIST's mean and spread, measured over the training digits. The picture is shifted and scaled with them before the network
# sees it, so a served model has to do exactly the same: serve/mnist_handler.py repeats these two numbers.
MEAN, STD = 0.1307, 0.3081

QUICK_SAMPLES, QUICK_EPOCHS = 10_000, 2


class Interrupted(Exception):
    """Ctrl-C or `docker stop`. Carries the number of the signal."""


def say(text=""):
    print(text, flush=True)


def emit(**fields):
    """One line for programs."""
    say("@ailab " + json.dumps(fields))


def give_up(text):
    print(text, file=sys.stderr, flush=True)
    sys.exit(3)


def arguments():
    parser = argparse.ArgumentParser(description="Train a network that reads handwritten digits.")
    parser.add_argument("--epochs", type=int, help="rounds over all digits (default 5; 2 with --quick)")
    parser.add_argument("--quick", action=argparse.BooleanOptionalAction, default=False,
                        help=f"learn from {QUICK_SAMPLES} digits only: under half a minute, at least 90 %% right")
    parser.add_argument("--device", choices=("auto", "cpu", "gpu"), default="auto")
    parser.add_argument("--data", type=Path, default=Path("/workspace/data"), metavar="DIR", help="where MNIST is")
    parser.add_argument("--out", type=Path, default=Path("/workspace/out"), metavar="DIR", help="where the model goes")
    parser.add_argument("--batch-size", type=int, default=128, help="digits looked at before each small correction")
    parser.add_argument("--lr", type=float, default=0.004, help="how large the largest correction is (learning rate)")
    parser.add_argument("--seed", type=int, default=1, help="same seed, same start, same order of digits")
    parser.add_argument("--fresh", action="store_true", help="begin anew even if there is a checkpoint")
    options = parser.parse_args()
    if options.epochs is None:
        options.epochs = QUICK_EPOCHS if options.quick else 5
    if options.epochs < 1 or options.batch_size < 2:
        parser.error("--epochs must be at least 1, and --batch-size at least 2")
    return options


# ---- The data -------------------------------------------------------------------------------------------------------------

def read_idx(path):
    """One MNIST file: a magic number that says how many dimensions, then each dimension's size, then one byte per pixel."""
    try:
        with gzip.open(path, "rb") as file:
            content = file.read()
    except FileNotFoundError:
        give_up(f"There is no {path}. Step 3.4 (prepare_data.py) gets the four MNIST files.")
    except (OSError, EOFError) as error:
        give_up(f"{path} cannot be read ({error}). Delete it and do step 3.4 again.")
    zeros, kind, dimensions = struct.unpack_from(">HBB", content)
    shape = struct.unpack_from(f">{dimensions}I", content, 4)
    if zeros != 0 or kind != 8:
        give_up(f"{path} is not an MNIST file. Delete it and do step 3.4 again.")
    return torch.frombuffer(bytearray(content), dtype=torch.uint8, offset=4 + 4 * dimensions).reshape(shape)


def load_digits(folder, device):
    """Pictures (N×1×28×28, bytes) and labels (N numbers 0…9), for learning and for testing, on the device that computes."""
    def pair(name):
        pictures = read_idx(folder / f"{name}-images-idx3-ubyte.gz").unsqueeze(1)
        labels = read_idx(folder / f"{name}-labels-idx1-ubyte.gz").long()
        return pictures.to(device), labels.to(device)
    return pair("train"), pair("t10k")


def normalised(pictures):
    return (pictures.float() / 255 - MEAN) / STD


# ---- The device -----------------------------------------------------------------------------------------------------------

def pick_device(wish):
    """The device, and a sentence that says which one and why."""
    cores = torch.get_num_threads()
    if wish == "cpu":
        return torch.device("cpu"), f"CPU ({cores} threads), as asked for with --device cpu"
    trouble = gpu_trouble()
    if trouble is None:
        name = torch.cuda.get_device_name(0)
        return torch.device("cuda"), f"GPU ({name}), " + ("as asked for with --device gpu" if wish == "gpu" else "because there is one")
    if wish == "gpu":
        give_up(f"--device gpu: no usable GPU in this container: {trouble}. "
                "Without --device gpu the training runs on the CPU.")
    return torch.device("cpu"), f"CPU ({cores} threads), because {trouble}"


def gpu_trouble():
    """Why no GPU can be used, or None when one computes."""
    if torch.version.cuda is None:
        return "this image's PyTorch is built without CUDA"
    if not torch.cuda.is_available():
        if os.environ.get("CUDA_VISIBLE_DEVICES") in ("", "-1"):
            return "CUDA_VISIBLE_DEVICES hides every GPU"
        driver = any(Path("/dev").glob("nvidia[0-9]*"))
        return "the NVIDIA driver does not answer" if driver else "no GPU is visible in this container (docker run --gpus all)"
    try:
        torch.ones(2, device="cuda").sum().item()
    except RuntimeError as error:
        return "the GPU is there but does not compute: " + str(error).strip().splitlines()[0]
    return None


# ---- Learning and testing -------------------------------------------------------------------------------------------------

class Reporter:
    """Progress in the style of PyTorch's MNIST example for people, `@ailab` lines for programs: at most twice a second each."""
    INTERVAL = 0.5

    def __init__(self, total):
        self.total, self.started, self.last, self.seen = total, time.monotonic(), 0.0, 0

    def batch(self, epoch, step, samples, count, loss):
        self.seen += count
        now = time.monotonic()
        if samples < self.total and now - self.last < self.INTERVAL:
            return
        self.last, value = now, loss.item()
        say(f"Train Epoch: {epoch} [{samples}/{self.total} ({100 * samples / self.total:.0f}%)]\tLoss: {value:.6f}")
        emit(metric="loss", value=round(value, 6), epoch=epoch, step=step, samples=samples, of=self.total)
        emit(metric="samples_per_second", value=round(self.seen / (now - self.started), 1), epoch=epoch)


def train_epoch(model, digits, optimiser, schedule, options, epoch):
    pictures, labels = digits
    total = len(labels)
    shuffle = torch.Generator().manual_seed(options.seed * 1000 + epoch)
    order = torch.randperm(total, generator=shuffle).to(labels.device)
    report = Reporter(total)
    model.train()
    for step, chosen in enumerate(order.split(options.batch_size), start=1):
        loss = F.cross_entropy(model(normalised(pictures[chosen])), labels[chosen])  # how wrong is it?
        optimiser.zero_grad()
        loss.backward()                                                             # which weight is to blame, and how much?
        optimiser.step()                                                            # correct each weight a little
        schedule.step()                                                             # small corrections first and last
        report.batch(epoch, step, min(step * options.batch_size, total), len(chosen), loss.detach())


def test(model, digits):
    """Average loss and number of right answers over digits that were not learned from."""
    pictures, labels = digits
    model.eval()
    loss, correct = 0.0, 0
    with torch.no_grad():
        for some, answers in zip(pictures.split(1000), labels.split(1000)):
            scores = model(normalised(some))
            loss += F.cross_entropy(scores, answers, reduction="sum").item()
            correct += (scores.argmax(dim=1) == answers).sum().item()
    return loss / len(labels), correct


# ---- Files ----------------------------------------------------------------------------------------------------------------

def save_atomically(path, write):
    """Either the whole new file or the old one: nobody ever reads half a model."""
    partial = path.with_name(path.name + ".partial")
    write(partial)
    os.replace(partial, path)


class Checkpoint:
    """The state after each epoch. A training with the same settings continues from it."""

    def __init__(self, options, device):
        self.path = options.out / "checkpoint.pt"
        self.settings = {"epochs": options.epochs, "quick": options.quick, "batch_size": options.batch_size,
                         "lr": options.lr, "seed": options.seed}
        self.device = device

    def load(self, parts):
        """Number of epochs already done, and the seconds that they took."""
        try:
            state = torch.load(self.path, map_location=self.device, weights_only=True)
            if state["settings"] != self.settings:
                say("There is a checkpoint of a training with other settings: not used.")
                return 0, 0.0
            for name, part in parts.items():
                part.load_state_dict(state[name])
            return state["epoch"], state["seconds"]
        except FileNotFoundError:
            return 0, 0.0
        except Exception as error:  # whatever is wrong with it, a checkpoint must never stop a training
            say(f"The checkpoint cannot be used ({type(error).__name__}): begin anew.")
            return 0, 0.0

    def save(self, parts, epoch, seconds):
        state = {"settings": self.settings, "epoch": epoch, "seconds": seconds}
        state.update({name: part.state_dict() for name, part in parts.items()})
        save_atomically(self.path, lambda path: torch.save(state, path))


# ---- All together ---------------------------------------------------------------------------------------------------------

def run(options):
    torch.manual_seed(options.seed)
    device, why = pick_device(options.device)
    say(f"Device: {why}")
    emit(device=device.type, why=why)
    learn, unseen = load_digits(options.data, device)
    if options.quick:
        learn = tuple(part[:QUICK_SAMPLES] for part in learn)
        say(f"Quick: {QUICK_SAMPLES} digits of 60000. Expect at least 90 % right, less than the whole set gives.")
    try:
        options.out.mkdir(parents=True, exist_ok=True)
        (options.out / "writable.partial").touch()
        (options.out / "writable.partial").unlink()
    except OSError as error:
        give_up(f"Nothing can be saved in {options.out} ({error.strerror}). Is the folder mounted, and does it belong to you?")

    model = MnistCNN().to(device)
    optimiser = torch.optim.AdamW(model.parameters(), lr=options.lr)
    batches = -(-len(learn[1]) // options.batch_size)
    schedule = torch.optim.lr_scheduler.OneCycleLR(optimiser, max_lr=options.lr, total_steps=batches * options.epochs)
    parts = {"model": model, "optimiser": optimiser, "schedule": schedule}

    checkpoint = Checkpoint(options, device)
    done, before = (0, 0.0) if options.fresh else checkpoint.load(parts)
    if done:
        say(f"Continuing after epoch {done} of {options.epochs}, from {checkpoint.path}.")
        emit(resumed=done)

    started = time.monotonic() - before
    emit(progress={"done": done, "total": options.epochs, "unit": "epoch"})
    for epoch in range(done + 1, options.epochs + 1):
        train_epoch(model, learn, optimiser, schedule, options, epoch)
        loss, correct = report_test(model, unseen, epoch)
        checkpoint.save(parts, epoch, time.monotonic() - started)
        emit(progress={"done": epoch, "total": options.epochs, "unit": "epoch"})
    if done >= options.epochs:
        loss, correct = report_test(model, unseen, options.epochs)
    finish(options, model, device, loss, correct, len(unseen[1]), len(learn[1]), time.monotonic() - started)
    checkpoint.path.unlink(missing_ok=True)


def report_test(model, unseen, epoch):
    loss, correct = test(model, unseen)
    total = len(unseen[1])
    say(f"\nTest set: Average loss: {loss:.4f}, Accuracy: {correct}/{total} ({100 * correct / total:.0f}%)\n")
    emit(metric="accuracy", value=round(correct / total, 4), correct=correct, total=total, epoch=epoch)
    emit(metric="test_loss", value=round(loss, 6), epoch=epoch)
    return loss, correct


def finish(options, model, device, loss, correct, total, samples, seconds):
    """Save what was learned, with the network's definition and the figures beside it."""
    weights = {name: value.cpu() for name, value in model.state_dict().items()}
    save_atomically(options.out / "mnist_cnn.pt", lambda path: torch.save(weights, path))
    definition = Path(__file__).with_name("mnist_model.py")
    save_atomically(options.out / "mnist_model.py", lambda path: shutil.copyfile(definition, path))
    figures = {
        "schema": "ailab.lab5.metrics/1", "accuracy": correct / total, "correct": correct, "total": total,
        "test_loss": round(loss, 6), "epochs": options.epochs, "samples": samples, "quick": options.quick,
        "seconds": round(seconds, 1), "samples_per_second": round(samples * options.epochs / seconds, 1),
        "device": device.type, "device_name": torch.cuda.get_device_name(0) if device.type == "cuda" else "CPU",
        "threads": torch.get_num_threads(), "torch": torch.__version__, "seed": options.seed,
        "batch_size": options.batch_size, "parameters": sum(value.numel() for value in model.parameters()),
    }
    text = json.dumps(figures, indent=2) + "\n"
    save_atomically(options.out / "metrics.json", lambda path: path.write_text(text))
    size = (options.out / "mnist_cnn.pt").stat().st_size
    say(f"Saved {options.out / 'mnist_cnn.pt'} ({size / 1000:.0f} kB) after {seconds:.1f} s, "
        f"{100 * correct / total:.2f} % right.")
    emit(saved=str(options.out / "mnist_cnn.pt"), bytes=size, seconds=round(seconds, 1))


def interrupted(number, _frame):
    signal.signal(number, signal.SIG_IGN)
    raise Interrupted(number)


def main():
    options = arguments()
    # In a container this program is process 1, which the kernel shields from signals that it does not handle: without these
    # two lines `docker stop` would wait ten seconds and then kill it.
    signal.signal(signal.SIGTERM, interrupted)
    signal.signal(signal.SIGINT, interrupted)
    try:
        import_torch()
        run(options)
    except Interrupted as stop:
        number = stop.args[0]
        again = "The same command continues after the last finished epoch." if (options.out / "checkpoint.pt").exists() \
            else "No epoch was finished: the same command begins anew."
        say(f"\nStopped by {signal.Signals(number).name}. {again}")
        emit(stopped=signal.Signals(number).name)
        sys.exit(128 + number)


def import_torch():
    """PyTorch takes seconds to import: done only when the arguments are right and a signal is answered."""
    # Threads that wait for each other shall sleep. By default they spin, and on a machine that others use too the training
    # then takes ten times as long (measured: 291 ms for a step instead of 30).
    os.environ.setdefault("OMP_WAIT_POLICY", "PASSIVE")
    global torch, F, MnistCNN
    import torch
    import torch.nn.functional as F
    from mnist_model import MnistCNN


if __name__ == "__main__":
    main()
