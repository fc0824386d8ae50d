"""The published wires that existing clients speak."""
