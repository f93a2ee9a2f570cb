"""A server that is killed again and again tells services that fail in every way what was heard.

Each play has to arrive once at each service, or be shown as refused.
"""
