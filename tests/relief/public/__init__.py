"""The public side of relief."""
