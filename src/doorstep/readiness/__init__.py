"""Is this installation ready: one list of checks for the desk's page, its API and `doorstep doctor`."""
