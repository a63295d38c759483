"""Tests of the IATI writer."""
