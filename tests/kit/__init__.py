"""Tests of the parts without domain words."""
