"""Teach the model from one's own labels: the wizard, and the run that goes on when it is closed."""
