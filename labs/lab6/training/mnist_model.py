"""The network that learns to recognise digits.

Training and serving share this file. train.py builds the network from it. TorchServe builds the same network from it and then
loads the trained weights. TorchServe expects exactly one class in the file.
"""
import torch
from torch import nn


class MnistCNN(nn.Module):
    """A small convolutional network. It takes a 28×28 picture and returns ten scores, one for each digit.

    Two convolutions look for patterns (first edges, then strokes and corners) and shrink the picture from 28×28 to 7×7. At each
    of these positions, 32 numbers describe what was found. Two fully connected layers turn them into ten scores.
    """

    def __init__(self):
        super().__init__()
        self.patterns = nn.Sequential(
            nn.Conv2d(1, 16, kernel_size=5, stride=2, padding=2),  # 1×28×28 -> 16×14×14
            nn.BatchNorm2d(16),                                    # keeps the numbers in a good range for faster learning
            nn.ReLU(),
            nn.Conv2d(16, 32, kernel_size=3, padding=1),           #         -> 32×14×14
            nn.MaxPool2d(2),                                       #         -> 32×7×7: keeps the strongest of four
            nn.BatchNorm2d(32),
            nn.ReLU(),
        )
        self.decision = nn.Sequential(
            nn.Flatten(),                                          #         -> 1568
            nn.Linear(32 * 7 * 7, 128),
            nn.ReLU(),
            nn.Dropout(0.3),                                       # drops values at random in training, against overfitting
            nn.Linear(128, 10),
        )

    def forward(self, pictures: torch.Tensor) -> torch.Tensor:
        return self.decision(self.patterns(pictures))
