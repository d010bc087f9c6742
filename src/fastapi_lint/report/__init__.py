"""What a run found, as text: diagnostics and plain rows in, strings out. Nothing here prints or decides."""
