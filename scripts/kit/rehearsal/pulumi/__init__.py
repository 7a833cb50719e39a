"""Pulumi programs: the graph of a stack in the names and words of pulumi-aws, in TypeScript and Python."""
