"""Loading a reader, asking it, measuring it, choosing its device, preparing a faster graph for it."""
