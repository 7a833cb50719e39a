"""Keeps the tests from loading all of the AWS provider's bindings."""

import support.lazy_provider  # noqa: F401
