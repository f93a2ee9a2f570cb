"""Many apps sync, play and tell what was heard at once, some of them with wrong passwords, while
somebody logs in to the pages from the same address."""
