"""Jobs from draft to complete, and their models."""
