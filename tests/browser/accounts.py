"""Who may be logged in: `ada`, who administers, and `guest`, who listens."""

PASSWORD = "analytical engine"
USERS = f"""
from django.contrib.auth.models import User
User.objects.create_superuser("ada", password="{PASSWORD}")
User.objects.create_user("guest", password="{PASSWORD}")
"""
