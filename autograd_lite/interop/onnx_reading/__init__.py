"""An ONNX model as a flow graph."""
