"""How long old data is kept, what an admin keeps for good, and the daily erasing of the rest."""
