"""Handles requests for your digit model in TorchServe: the bytes of a picture go in, probabilities come out.

TorchServe calls preprocess, inference, and postprocess for each batch of requests. BaseHandler loads the model (mnist_model.py
and mnist_cnn.pt from the archive) and runs the inference. This file has the parts that are specific to digits.
"""
import io

import torch
from PIL import Image, UnidentifiedImageError
from torchvision.transforms import functional as pictures
from ts.torch_handler.base_handler import BaseHandler
from ts.utils.util import PredictionException

# These must be the same numbers as in train.py. Otherwise the model gets input unlike anything it learned from.
MEAN, STD = 0.1307, 0.3081
SIDE = 28
TOP = 3


class MnistHandler(BaseHandler):
    def preprocess(self, requests):
        """A batch of grey 28×28 pictures with bright strokes on a dark background, as in MNIST. No picture is inverted."""
        return torch.stack([self.one_picture(request) for request in requests]).to(self.device)

    def one_picture(self, request):
        content = request.get("data") or request.get("body")
        if isinstance(content, str):
            content = content.encode()
        try:
            picture = Image.open(io.BytesIO(content)).convert("L")
        except (UnidentifiedImageError, OSError, TypeError):
            raise PredictionException("send one PNG or JPEG picture of a digit", 400) from None
        if picture.size != (SIDE, SIDE):
            picture = picture.resize((SIDE, SIDE), Image.Resampling.BILINEAR)
        return pictures.normalize(pictures.to_tensor(picture), [MEAN], [STD])

    def postprocess(self, scores):
        """The most likely digits for each picture, best first: {"3": 0.9991, "5": 0.0006, "8": 0.0002}."""
        values, digits = torch.softmax(scores, dim=1).topk(TOP, dim=1)
        return [{str(digit): round(value, 6) for digit, value in zip(*row)}
                for row in zip(digits.tolist(), values.tolist())]
