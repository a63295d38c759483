"""Writes of relief: each one transaction, with its audit line inside."""
