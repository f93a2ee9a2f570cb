"""Tests of the OpenSubsonic API."""
