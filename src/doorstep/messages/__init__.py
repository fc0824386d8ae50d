"""E-mail and SMS: queue, send, suppress. Knows no lead and no job."""
