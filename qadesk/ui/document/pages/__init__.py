"""The pages of a PDF as they are printed, with answers marked on the words."""
