"""The organization's pages: inbox, jobs, outbox, webhooks, vendors, settings, and the way in."""
