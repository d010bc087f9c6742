"""Phase three: what is wrong with the application. One file a rule, found by being there."""
