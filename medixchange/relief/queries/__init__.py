"""Reads of relief."""
