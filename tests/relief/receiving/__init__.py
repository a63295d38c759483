"""Receiving: counting, signing, cases, papers, and the phone."""
