"""Codes on boxes: read what a scanner gives, draw what a printer needs. Knows no models.

``codes`` reads and builds GS1 element strings and our own links; ``drawing`` turns them into
symbols; ``sheets`` sets labels on paper.
"""
