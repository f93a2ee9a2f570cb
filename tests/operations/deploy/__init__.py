"""The files in deploy/: each as its own tool sees it, and at work."""
