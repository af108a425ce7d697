"""What an author writes as ``{claim}`` or ``{model}``: the directives, one module each."""
