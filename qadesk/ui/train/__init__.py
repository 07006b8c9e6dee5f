"""Fine-tuning in the window: the wizard, and the monitor of the run, which goes on when the wizard is closed."""
