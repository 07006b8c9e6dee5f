"""The characters that end a line."""

LINE_ENDS = "\n\r\v\f\x1c\x1d\x1e\x85\u2028\u2029"
"""Those that ``str.splitlines`` knows, too; a carriage return and a line feed together are one line end."""
