#!/usr/bin/env python3
"""Train Lab 5's network on several nodes at the same time. `torchrun` starts this program once on each of them.

Each batch is divided among the nodes. Every node computes the gradient of its part, the nodes average their gradients, and all of
them change their weights in the same way. So all have the same weights after each step, and one batch has the same digits,
whatever the number of nodes.

It prints a line for each epoch. With --checkpoint, it also saves the state after each epoch to that file, and continues from it.
"""
import argparse
import gzip
import os
import socket
import statistics
import struct
import sys
import time
from pathlib import Path

import torch
import torch.distributed as dist
import torch.nn.functional as F

from mnist_model import MnistCNN

# Mean and spread of all training pixels.
MEAN, STD = 0.1307, 0.3081
# The digits that the network is tested on after an epoch.
TESTED = 2_000
# The first steps after a start are slower, because memory is still being reserved. They aren't measured.
WARM_UP = 5


def arguments():
    parser = argparse.ArgumentParser(description="Train a network on several nodes.")
    parser.add_argument("--data", type=Path, default=Path("/data"), metavar="DIR", help="directory of the MNIST files")
    parser.add_argument("--digits", type=int, default=60_000, help="how many digits to train on")
    parser.add_argument("--epochs", type=int, default=1, help="how often to go through them")
    parser.add_argument("--batch-size", type=int, default=128, help="digits per step, of all nodes together")
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--checkpoint", type=Path, metavar="FILE", help="save the state here, and continue from it")
    return parser.parse_args()


def read_idx(path):
    """Read an MNIST file: a magic number with the number of dimensions, the size of each dimension, then the bytes."""
    with gzip.open(path, "rb") as file:
        content = file.read()
    dimensions = content[3]
    shape = struct.unpack_from(f">{dimensions}I", content, 4)
    return torch.frombuffer(bytearray(content), dtype=torch.uint8, offset=4 + 4 * dimensions).reshape(shape)


def load_digits(folder, name, count):
    pictures = read_idx(folder / f"{name}-images-idx3-ubyte.gz")[:count].unsqueeze(1)
    labels = read_idx(folder / f"{name}-labels-idx1-ubyte.gz")[:count].long()
    return (pictures.float() / 255 - MEAN) / STD, labels


def average_gradients(model):
    """Replace each gradient by the average of all nodes. This is the only moment at which they talk to each other."""
    gradients = [weight.grad for weight in model.parameters()]
    # One long message is faster than many short ones.
    together = torch.cat([gradient.flatten() for gradient in gradients])
    dist.all_reduce(together)
    together /= dist.get_world_size()
    for gradient, part in zip(gradients, together.split([gradient.numel() for gradient in gradients])):
        gradient.copy_(part.view_as(gradient))


def train_epoch(model, optimiser, digits, options, epoch, times):
    """Go through all digits once. Appends three times to `times` for each step: the processor's time for computing, that for
    exchanging gradients, and the whole time. Only the last one counts how long it waited for others, or for a processor."""
    rank, nodes = dist.get_rank(), dist.get_world_size()
    pictures, labels = digits
    shuffle = torch.Generator().manual_seed(options.seed * 1000 + epoch)
    order = torch.randperm(len(labels), generator=shuffle)
    model.train()
    for batch in order.split(options.batch_size):
        if len(batch) < options.batch_size:
            break  # the parts of the nodes must have the same size
        start, used = time.monotonic(), time.process_time()
        mine = batch[rank::nodes]
        loss = F.cross_entropy(model(pictures[mine]), labels[mine])
        optimiser.zero_grad()
        loss.backward()
        computed = time.process_time()
        average_gradients(model)
        exchanged = time.process_time() - computed
        optimiser.step()
        times.append((time.process_time() - used - exchanged, exchanged, time.monotonic() - start))
    return loss.item()


def test(model, digits):
    """The share of correct answers on digits that the network has not learned from."""
    model.eval()
    with torch.no_grad():
        return (model(digits[0]).argmax(dim=1) == digits[1]).float().mean().item()


def load_checkpoint(path, parts):
    """The number of finished epochs. All nodes see the same file, because the directory is shared."""
    if path is None or not path.exists():
        return 0
    state = torch.load(path, weights_only=True)
    for name, part in parts.items():
        part.load_state_dict(state[name])
    return state["epoch"]


def save_checkpoint(path, parts, epoch):
    """Replace the file in one step: a node that dies while it writes must not leave half of a checkpoint."""
    partial = path.with_name(path.name + ".partial")
    torch.save({"epoch": epoch} | {name: part.state_dict() for name, part in parts.items()}, partial)
    os.replace(partial, path)


def main():
    options = arguments()
    dist.init_process_group("gloo")
    rank, nodes = dist.get_rank(), dist.get_world_size()
    names = [None] * nodes
    dist.all_gather_object(names, socket.gethostname())

    torch.manual_seed(options.seed)
    model = MnistCNN()
    optimiser = torch.optim.AdamW(model.parameters(), lr=0.002)
    parts = {"model": model, "optimiser": optimiser}
    learn = load_digits(options.data, "train", options.digits)
    unseen = load_digits(options.data, "t10k", TESTED)
    done = load_checkpoint(options.checkpoint, parts)

    def say(text):
        if rank == 0:
            print(text, flush=True)

    start = f"after epoch {done}, from the checkpoint" if done else "from the beginning"
    say(f"Training on {','.join(sorted(names))}, {start}")
    times = []
    for epoch in range(done + 1, options.epochs + 1):
        loss = train_epoch(model, optimiser, learn, options, epoch, times)
        # Only the first node tests and saves. The others wait for it in the next step.
        if rank == 0:
            say(f"Epoch {epoch} of {options.epochs}: loss {loss:.3f}, accuracy {test(model, unseen):.3f}")
            if options.checkpoint:
                save_checkpoint(options.checkpoint, parts, epoch)
                say(f"Saved epoch {epoch}")
    if len(times) > WARM_UP:
        # The middle of all steps: a moment in which the machine did something else doesn't count.
        compute, exchange, step = (statistics.median(column) for column in zip(*times[WARM_UP:]))
        say(f"Step: {1000 * compute:.1f} ms computing, {1000 * exchange:.1f} ms exchanging, {1000 * step:.1f} ms in all")
    dist.barrier()
    dist.destroy_process_group()


if __name__ == "__main__":
    sys.exit(main())
