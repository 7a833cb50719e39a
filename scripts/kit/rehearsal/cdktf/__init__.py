"""Stacks as CDK for Terraform programs: what both languages share, and what is TypeScript's and Python's own."""
