"""What is made of a declaration: LaTeX, tables, SBML, JavaScript, and the check of its units."""
