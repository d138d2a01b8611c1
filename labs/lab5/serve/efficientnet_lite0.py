"""EfficientNet-Lite0, a small network with the same 1,000 classes as DenseNet-161."""
import torch
from efficientnet_lite_pytorch import EfficientNet
from efficientnet_lite_pytorch.utils import get_model_params


class ImageClassifier(EfficientNet):
    def __init__(self):
        super().__init__(*get_model_params("efficientnet-lite0", None))

    def forward(self, pictures: torch.Tensor) -> torch.Tensor:
        """TorchServe's image_classifier normalises pictures with the mean and spread of ImageNet. These weights were trained
        with (value - 127) / 128 instead. So this function undoes the first and applies the second."""
        mean = torch.tensor([0.485, 0.456, 0.406], device=pictures.device).view(3, 1, 1)
        std = torch.tensor([0.229, 0.224, 0.225], device=pictures.device).view(3, 1, 1)
        return super().forward(((pictures * std + mean) * 255 - 127) / 128)
