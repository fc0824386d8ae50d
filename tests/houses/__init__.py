"""Houses of known dimensions, photographed in code: test data without a single download."""
