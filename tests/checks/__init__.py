"""Tests of the checks in bin/checks: each finds what it is for, and what a comment allows."""
