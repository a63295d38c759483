"""Pages of an agency and of facilities: places and their stock, needs, allocation, recall."""
