"""The format of mail (RFC 5322 and MIME), which browsers save pages in too: headers, parts, and how they are packed."""
