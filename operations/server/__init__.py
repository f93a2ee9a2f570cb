"""The daphne that serves mus: its limits on requests and bodies, its pace and its end."""
