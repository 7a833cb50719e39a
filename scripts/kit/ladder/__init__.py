"""The ladder: stages that are really run, each with its receipt."""
