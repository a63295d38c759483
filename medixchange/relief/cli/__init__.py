"""Commands of relief."""
