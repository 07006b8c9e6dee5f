"""What every part of the window is made of: widgets, theme, messages, dialogs, background jobs."""
