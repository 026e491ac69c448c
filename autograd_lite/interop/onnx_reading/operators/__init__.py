"""ONNX's operators as functions of this project: inputs and attributes in, one value or several out."""
