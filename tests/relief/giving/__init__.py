"""Tests of giving and the catalogue."""
