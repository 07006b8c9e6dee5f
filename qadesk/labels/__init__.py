"""What a person said is true: label records, and the files they come from and go to."""
