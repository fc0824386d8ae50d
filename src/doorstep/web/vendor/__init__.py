"""What a vendor sees of its source by a link, without an account."""
