"""The files that labels come from and go to, one module a format. ``registry`` tells them apart."""
