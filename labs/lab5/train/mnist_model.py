"""The network that learns to read digits.

Both sides use this one file: train.py builds the network from it, and TorchServe rebuilds the same network from it before it
loads the trained weights. TorchServe wants exactly one class in such a file.
"""
import torch
from torch import nn


class MnistCNN(nn.Module):
    """A small convolutional network: a 28×28 picture in, ten scores out, one for each digit.

    Two convolutions look for patterns (edges first, then strokes and corners) and shrink the picture from 28×28 to 7×7, where
    32 numbers describe each place. Two fully connected layers turn these into ten scores.
    """

    def __init__(self):
        super().__init__()
        self.patterns = nn.Sequential(
            nn.Conv2d(1, 16, kernel_size=5, stride=2, padding=2),  # 1×28×28 -> 16×14×14
            nn.BatchNorm2d(16),                                    # keeps the numbers in a good range: it learns faster
            nn.ReLU(),
            nn.Conv2d(16, 32, kernel_size=3, padding=1),           #         -> 32×14×14
            nn.MaxPool2d(2),                                       #         -> 32×7×7: keep the strongest of each four
            nn.BatchNorm2d(32),
            nn.ReLU(),
        )
        self.decision = nn.Sequential(
            nn.Flatten(),                                          #         -> 1568
            nn.Linear(32 * 7 * 7, 128),
            nn.ReLU(),
            nn.Dropout(0.3),                                       # forgets at random while training: less learning by heart
            nn.Linear(128, 10),
        )

    def forward(self, pictures: torch.Tensor) -> torch.Tensor:
        return self.decision(self.patterns(pictures))
