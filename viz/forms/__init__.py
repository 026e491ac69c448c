"""Pictures of models on a page of fixed size: each form is found in the graph, and drawn its own way."""
