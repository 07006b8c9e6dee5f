"""Labels and a base model to a better model, and how good a model is."""
