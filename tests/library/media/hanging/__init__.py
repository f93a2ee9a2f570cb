"""A folder for PYTHONPATH: Python imports the module in it at its start."""
