"""Pure geometry on arrays: no files, no photos, no state."""
