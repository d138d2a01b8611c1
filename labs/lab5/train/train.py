#!/usr/bin/env python3
"""Train a small network to recognise handwritten digits (MNIST), on the GPU if there is one, otherwise on the CPU.

The script reads the four MNIST files from --data, trains for --epochs epochs, and tests on 10,000 digits that the network has
never seen. It saves these files to --out:
    mnist_cnn.pt     what the network has learned (the weights)
    mnist_model.py   the network that the weights belong to
    metrics.json     the accuracy and the training time
    checkpoint.pt    only during the training: an interrupted training continues from here

Lines that start with "@ailab " hold one JSON object each. They are for programs: ailab draws the loss curve from them.

Exit codes: 0 done, 2 wrong arguments, 3 the data or the requested GPU is missing, 130 or 143 interrupted.
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

# The mean and standard deviation of the training digits. Every picture is normalised with them before the network sees it.
# Serving must do exactly the same, so serve/mnist_handler.py repeats these two numbers.
MEAN, STD = 0.1307, 0.3081

QUICK_SAMPLES, QUICK_EPOCHS = 10_000, 2


class Interrupted(Exception):
    """Ctrl-C or `docker stop`. The argument is the number of the signal."""


def say(text=""):
    print(text, flush=True)


def emit(**fields):
    """Print one line for programs."""
    say("@ailab " + json.dumps(fields))


def give_up(text):
    print(text, file=sys.stderr, flush=True)
    sys.exit(3)


def arguments():
    parser = argparse.ArgumentParser(description="Train a network to recognise handwritten digits.")
    parser.add_argument("--epochs", type=int, help="how often to go through all digits (default: 5, or 2 with --quick)")
    parser.add_argument("--quick", action=argparse.BooleanOptionalAction, default=False,
                        help=f"train on only {QUICK_SAMPLES:,} digits: less than 30 seconds, at least 90%% accuracy")
    parser.add_argument("--device", choices=("auto", "cpu", "gpu"), default="auto")
    parser.add_argument("--data", type=Path, default=Path("/workspace/data"), metavar="DIR", help="directory of the MNIST files")
    parser.add_argument("--out", type=Path, default=Path("/workspace/out"), metavar="DIR", help="directory for the model")
    parser.add_argument("--batch-size", type=int, default=128, help="number of digits per update of the weights")
    parser.add_argument("--lr", type=float, default=0.004, help="largest learning rate: how much one update changes the weights")
    parser.add_argument("--seed", type=int, default=1, help="the same seed gives the same start and the same order of digits")
    parser.add_argument("--fresh", action="store_true", help="ignore the checkpoint and start from the beginning")
    options = parser.parse_args()
    if options.epochs is None:
        options.epochs = QUICK_EPOCHS if options.quick else 5
    if options.epochs < 1 or options.batch_size < 2:
        parser.error("--epochs must be at least 1, and --batch-size at least 2")
    return options


# ---- The data -------------------------------------------------------------------------------------------------------------

def read_idx(path):
    """Read an MNIST file: a magic number with the number of dimensions, the size of each dimension, then the bytes."""
    try:
        with gzip.open(path, "rb") as file:
            content = file.read()
    except FileNotFoundError:
        give_up(f"{path} does not exist. Run step 3.4 (prepare_data.py) to get the MNIST files.")
    except (OSError, EOFError) as error:
        give_up(f"{path} cannot be read ({error}). Delete it and run step 3.4 again.")
    zeros, kind, dimensions = struct.unpack_from(">HBB", content)
    shape = struct.unpack_from(f">{dimensions}I", content, 4)
    if zeros != 0 or kind != 8:
        give_up(f"{path} is not an MNIST file. Delete it and run step 3.4 again.")
    return torch.frombuffer(bytearray(content), dtype=torch.uint8, offset=4 + 4 * dimensions).reshape(shape)


def load_digits(folder, device):
    """Load pictures (N×1×28×28, bytes) and labels (N numbers 0…9) for training and testing to the device."""
    def pair(name):
        pictures = read_idx(folder / f"{name}-images-idx3-ubyte.gz").unsqueeze(1)
        labels = read_idx(folder / f"{name}-labels-idx1-ubyte.gz").long()
        return pictures.to(device), labels.to(device)
    return pair("train"), pair("t10k")


def normalised(pictures):
    return (pictures.float() / 255 - MEAN) / STD


# ---- The device -----------------------------------------------------------------------------------------------------------

def pick_device(wish):
    """Choose the device. Also return a sentence that says which one and why."""
    cores = torch.get_num_threads()
    if wish == "cpu":
        return torch.device("cpu"), f"CPU ({cores} threads), because of --device cpu"
    trouble = gpu_trouble()
    if trouble is None:
        name = torch.cuda.get_device_name(0)
        return torch.device("cuda"), f"GPU ({name}), " + ("because of --device gpu" if wish == "gpu" else "because it is available")
    if wish == "gpu":
        give_up(f"--device gpu: this container has no usable GPU: {trouble}. "
                "Without --device gpu, the training runs on the CPU.")
    return torch.device("cpu"), f"CPU ({cores} threads), because {trouble}"


def gpu_trouble():
    """The reason why no GPU can be used, or None if one works."""
    if torch.version.cuda is None:
        return "PyTorch in this image was built without CUDA"
    if not torch.cuda.is_available():
        if os.environ.get("CUDA_VISIBLE_DEVICES") in ("", "-1"):
            return "CUDA_VISIBLE_DEVICES hides every GPU"
        driver = any(Path("/dev").glob("nvidia[0-9]*"))
        return "the NVIDIA driver does not respond" if driver else "this container sees no GPU (docker run --gpus all)"
    try:
        torch.ones(2, device="cuda").sum().item()
    except RuntimeError as error:
        return "the GPU is visible but does not work: " + str(error).strip().splitlines()[0]
    return None


# ---- Training and testing -------------------------------------------------------------------------------------------------

class Reporter:
    """Prints the progress at most twice a second: for people as PyTorch's MNIST example does, for programs as `@ailab` lines."""
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
        loss.backward()                                                             # how much does each weight contribute to that?
        optimiser.step()                                                            # change each weight a little
        schedule.step()                                                             # first small changes, then large, then small
        report.batch(epoch, step, min(step * options.batch_size, total), len(chosen), loss.detach())


def test(model, digits):
    """The average loss and the number of correct answers on digits that the network has not learned from."""
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
    """Replace the file in one step, so that nobody ever reads half a model."""
    partial = path.with_name(path.name + ".partial")
    write(partial)
    os.replace(partial, path)


class Checkpoint:
    """The state after an epoch. A training with the same settings continues from it."""

    def __init__(self, options, device):
        self.path = options.out / "checkpoint.pt"
        self.settings = {"epochs": options.epochs, "quick": options.quick, "batch_size": options.batch_size,
                         "lr": options.lr, "seed": options.seed}
        self.device = device

    def load(self, parts):
        """Return the number of finished epochs and the seconds that they took."""
        try:
            state = torch.load(self.path, map_location=self.device, weights_only=True)
            if state["settings"] != self.settings:
                say("Ignoring the checkpoint: it belongs to a training with other settings.")
                return 0, 0.0
            for name, part in parts.items():
                part.load_state_dict(state[name])
            return state["epoch"], state["seconds"]
        except FileNotFoundError:
            return 0, 0.0
        except Exception as error:  # a broken checkpoint, whatever the reason, must never stop a training
            say(f"Ignoring the checkpoint: it cannot be used ({type(error).__name__}).")
            return 0, 0.0

    def save(self, parts, epoch, seconds):
        state = {"settings": self.settings, "epoch": epoch, "seconds": seconds}
        state.update({name: part.state_dict() for name, part in parts.items()})
        save_atomically(self.path, lambda path: torch.save(state, path))


# ---- The training ---------------------------------------------------------------------------------------------------------

def run(options):
    torch.manual_seed(options.seed)
    device, why = pick_device(options.device)
    say(f"Device: {why}")
    emit(device=device.type, why=why)
    learn, unseen = load_digits(options.data, device)
    if options.quick:
        learn = tuple(part[:QUICK_SAMPLES] for part in learn)
        say(f"Quick: {QUICK_SAMPLES:,} of 60,000 digits. Expect at least 90% accuracy, less than with all digits.")
    try:
        options.out.mkdir(parents=True, exist_ok=True)
        (options.out / "writable.partial").touch()
        (options.out / "writable.partial").unlink()
    except OSError as error:
        give_up(f"Cannot write to {options.out} ({error.strerror}). Is the directory mounted, and do you own it?")

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
    """Save the weights, the network that they belong to, and the metrics."""
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
        f"accuracy {100 * correct / total:.2f}%.")
    emit(saved=str(options.out / "mnist_cnn.pt"), bytes=size, seconds=round(seconds, 1))


def interrupted(number, _frame):
    signal.signal(number, signal.SIG_IGN)
    raise Interrupted(number)


def main():
    options = arguments()
    # In a container this program is process 1, and the kernel ignores signals that process 1 does not handle. Without these
    # two lines, `docker stop` would wait ten seconds and then kill it.
    signal.signal(signal.SIGTERM, interrupted)
    signal.signal(signal.SIGINT, interrupted)
    try:
        import_torch()
        run(options)
    except Interrupted as stop:
        number = stop.args[0]
        again = "Run the same command to continue after the last finished epoch." if (options.out / "checkpoint.pt").exists() \
            else "No epoch was finished, so the same command starts from the beginning."
        say(f"\nStopped by {signal.Signals(number).name}. {again}")
        emit(stopped=signal.Signals(number).name)
        sys.exit(128 + number)


def import_torch():
    """Import PyTorch. This takes seconds, so check the arguments and handle signals first."""
    # Let threads sleep while they wait for each other. By default they spin. On a shared machine, the training then takes ten
    # times as long (measured: 291 ms per step instead of 30 ms).
    os.environ.setdefault("OMP_WAIT_POLICY", "PASSIVE")
    global torch, F, MnistCNN
    import torch
    import torch.nn.functional as F
    from mnist_model import MnistCNN


if __name__ == "__main__":
    main()
