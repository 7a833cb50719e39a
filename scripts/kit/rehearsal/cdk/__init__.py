"""Stacks as programs of the AWS CDK: L1 constructs, one a resource, with its logical id as construct id."""
