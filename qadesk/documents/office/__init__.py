"""What the readers of Word and PowerPoint share: files of Office Open XML, whose parts name one another."""
