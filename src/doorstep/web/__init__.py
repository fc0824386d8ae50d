"""The pages: inbox, portfolio, job page, outbox, webhooks, and the capture page."""
