"""The live summary: stored once, announced without waiting, heard by every browser."""
