"""Tests of the FHIR writer."""
