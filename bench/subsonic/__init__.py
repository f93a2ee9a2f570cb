"""Measures the OpenSubsonic API beside other servers: `python -m bench.subsonic`."""
