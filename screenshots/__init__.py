"""Takes the screenshots of the pages, with a made-up library: `make screenshots`."""
