"""The live summary: what is said when a scan is over, and how it is kept until it is heard."""
