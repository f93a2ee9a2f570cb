"""Pictures of the pages, taken of a library made up for them: `make screenshots`."""
