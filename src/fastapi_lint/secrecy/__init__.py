"""What a secret looks like in source: by its name, by its shape, by where it stands."""
