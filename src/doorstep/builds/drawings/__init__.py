"""Pictures drawn from what was measured: elevations, the roof from above, the footprint."""
