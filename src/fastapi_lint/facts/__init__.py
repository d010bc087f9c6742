"""Phase one: what each file says, alone."""
