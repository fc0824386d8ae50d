"""The shapes of the published API as types, for its description: what is sent and answered."""
