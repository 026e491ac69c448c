"""A function or a module as an ONNX model, forward and backward."""
