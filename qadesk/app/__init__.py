"""What the product does, without Qt: the window and the command line call the same functions."""
