"""The player in Chromium: when its first list is seen, what a first visit costs, how live it is."""
