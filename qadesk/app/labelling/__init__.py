"""Labels: written, relocated, checked, inspected, imported and exported."""
