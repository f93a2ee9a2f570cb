"""The pages and the administration: logic by a test client, the rest by a real server."""
