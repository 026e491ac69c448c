"""Pictures of flow graphs: `viz.draw`. It computes no derivative; it shows what the engine computed."""
