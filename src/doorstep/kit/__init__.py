"""Parts without domain words: database, clock, ids, storage, transports, tasks, settings."""
