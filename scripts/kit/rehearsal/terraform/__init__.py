"""Terraform's view of a stack: the resources of its AWS provider, from which the cdktf and Pulumi programs are written."""
