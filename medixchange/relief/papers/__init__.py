"""Papers of relief as PDF: what both sides sign and keep."""
