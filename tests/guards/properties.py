"""Settings of hypothesis for the whole suite; a busy machine must not fail a property by time."""

from hypothesis import settings

settings.register_profile("house", deadline=None, print_blob=True)
settings.load_profile("house")
