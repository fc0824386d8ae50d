"""Who is asking: sessions, one-time links and API tokens become an OrgScope."""
