"""The steps from photos to a model, one module each."""
