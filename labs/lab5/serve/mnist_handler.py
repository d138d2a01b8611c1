"""How TorchServe answers a request for your digit reader: bytes of a picture in, probabilities out.

TorchServe calls preprocess, inference and postprocess for a batch of requests. BaseHandler loads the model (mnist_model.py and
mnist_cnn.pt from the archive) and does the inference; what is particular to digits is here.
"""
import io

import torch
from PIL import Image, UnidentifiedImageError
from torchvision.transforms import functional as pictures
from ts.torch_handler.base_handler import BaseHandler
from ts.utils.util import PredictionException

# The same numbers as in train.py. With others the model sees digits unlike any that it learned.
MEAN, STD = 0.1307, 0.3081
SIDE = 28
TOP = 3


class MnistHandler(BaseHandler):
    def preprocess(self, requests):
        """A batch of pictures: grey, 28×28, bright strokes on a dark ground as in MNIST. Nothing is inverted silently."""
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
        """For each picture the most probable digits, best first: {"3": 0.9991, "5": 0.0006, "8": 0.0002}."""
        values, digits = torch.softmax(scores, dim=1).topk(TOP, dim=1)
        return [{str(digit): round(value, 6) for digit, value in zip(*row)}
                for row in zip(digits.tolist(), values.tolist())]
