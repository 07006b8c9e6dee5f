"""The verbs of the product. The window and the command line call the same ones."""
