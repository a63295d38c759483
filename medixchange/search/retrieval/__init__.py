"""Finding passages by their words and their meaning, for any corpus: no models, no database.

The site and ``bin/bench search`` ask through the same door, ``finding.Index``.
"""
