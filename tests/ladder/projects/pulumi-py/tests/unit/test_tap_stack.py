"""Unit tests of the stack, run without a cloud."""

from typing import Any

import pulumi

MADE: dict[str, dict[str, Any]] = {}


class Mocks(pulumi.runtime.Mocks):
    """Keeps what is asked for; answers with it."""

    def new_resource(self, args: pulumi.runtime.MockResourceArgs) -> tuple[str, dict[str, Any]]:
        MADE[args.typ] = dict(args.inputs)
        return f"{args.name}-id", {"arn": f"arn:{args.name}", **args.inputs}

    def call(self, args: pulumi.runtime.MockCallArgs) -> dict[str, Any]:
        return {}


pulumi.runtime.set_mocks(Mocks(), preview=False)

from lib.tap_stack import TapStack, TapStackArgs  # noqa: E402  # pylint: disable=wrong-import-position


@pulumi.runtime.test
def test_the_bucket_is_named_after_the_environment() -> pulumi.Output[None]:
    """The suffix is in every name."""
    stack = TapStack("test", TapStackArgs(environment_suffix="test"))

    def check(name: str) -> None:
        assert name == "orders-test-store"
        assert MADE["aws:sns/topic:Topic"]["name"] == "orders-test"

    return stack.bucket_name.apply(check)
