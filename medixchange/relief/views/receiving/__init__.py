"""Pages of receivers: counting, signing, cases, papers, and the phone."""
