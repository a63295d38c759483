"""Pages of giving: the catalogue, and pledges."""
