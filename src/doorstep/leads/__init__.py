"""Sources, case types, the journal of posts, and intakes."""
