"""The measurement report as PDF and the measurements as a spreadsheet."""
