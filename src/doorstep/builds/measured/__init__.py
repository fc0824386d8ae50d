"""What was measured of a house, and the shapes in which others read it. No I/O."""
