"""Pages of who sends: consignments, packing lists, labels, and the stages of the way."""
