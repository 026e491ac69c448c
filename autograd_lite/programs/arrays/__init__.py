"""Programs of arrays: a graph of Tensors as NumPy calls with the memory that they write to."""
