"""Relief: needs, pledges, allocation, consignments, and the ledger that accounts for every box."""
