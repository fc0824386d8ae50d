"""Runs the reconstruction for a job and publishes what it made."""
