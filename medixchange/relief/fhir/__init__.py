"""Relief as HL7 FHIR R5 (https://hl7.org/fhir/R5): needs, deliveries, items, places, organisations.

Resources are plain JSON objects; the tests, and ``export fhir --validate``, check each against the
models of ``fhir.resources``. What is not public is given only to who may see it.
"""

from medixchange.relief.fhir.bundles import collection, page
from medixchange.relief.fhir.kinds import KINDS, Kind

__all__ = ["KINDS", "Kind", "collection", "page"]
