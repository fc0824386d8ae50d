"""Authorization: consent in the browser, codes and tokens for the integration (RFC 6749)."""
