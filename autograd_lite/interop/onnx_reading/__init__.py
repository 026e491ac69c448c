"""An ONNX model as a flow graph: read, checked, run once, and recorded on the way.

reading      the door: `from_onnx`              arguments    inputs as the model declares them
model        a file or an object, checked       structure    names, order, initialisers
running      node by node                       control, functions  graphs inside a node
schemas      what ONNX says of an operator      operators/   what it is here
environment  values by their names              budget       how much may be computed
names, tensors, attributes, values  what a file is made of
"""
