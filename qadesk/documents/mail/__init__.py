"""The readers of mail: one message (``eml``), a mailbox (``mbox``) and a message of Outlook (``msg``).

``message`` writes a message as text and blocks. Attachments are named and not read, and nothing is fetched.
"""
