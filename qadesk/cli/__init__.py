"""The command line. ``qadesk NAME`` is in ``NAME_command.py``; ``main`` has the table of commands."""
