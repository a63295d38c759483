"""Codes and labels: no database."""
