"""Tests of sharing scarce goods out."""
