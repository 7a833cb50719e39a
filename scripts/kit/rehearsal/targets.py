"""The pairs of platform and language: which files a stack becomes, its tests, and how its findings name resources."""

from __future__ import annotations

from dataclasses import dataclass
from importlib import import_module

from kit.rehearsal.composing import compose
from kit.rehearsal.documents import LANGUAGES, PLATFORMS, main_file
from kit.rehearsal.emitting import emit
from kit.rehearsal.features import add_asked
from kit.rehearsal.reading import read
from kit.rehearsal.stack import Stack


@dataclass(frozen=True)
class Target:
    """One pair, such as `cdk` and `ts`."""

    platform: str
    language: str

    @property
    def title(self) -> str:
        """The pair as people say it, such as `AWS CDK in TypeScript`."""
        return f"{PLATFORMS[self.platform]} in {LANGUAGES[self.language]}"

    @property
    def program(self) -> bool:
        """True where the stack is a program; else it is a template."""
        return self.platform != "cfn"

    @property
    def main(self) -> str:
        """The file that holds the stack."""
        return main_file(self.platform, self.language)

    @property
    def unit(self) -> str:
        """The file of the unit tests."""
        return "tests/unit/test_tap_stack.py" if self.language == "py" else "test/tap-stack.unit.test.ts"

    @property
    def integration(self) -> str:
        """The file of the integration tests."""
        return "tests/integration/test_tap_stack.py" if self.language == "py" else "test/tap-stack.int.test.ts"

    @property
    def manifest(self) -> str:
        """The file that tells which packages the tests can import."""
        return "Pipfile" if self.language == "py" else "package.json"

    def files(self, stack: Stack) -> dict[str, str]:
        """The files of `stack` by path."""
        return emit(stack, self.platform, self.language)

    def left_out(self, stack: Stack) -> list[str]:
        """What of `stack` has no counterpart on this platform, as sentences."""
        if self.platform not in ("cdktf", "pulumi"):
            return []
        from kit.rehearsal.terraform.translate import translate

        return translate(stack).notes

    def unit_tests(self, stack: Stack) -> str:
        """The text of the unit tests."""
        if not self.program:
            from kit.rehearsal.testing import unit_tests

            return unit_tests(stack)
        written: str = import_module(f"kit.rehearsal.testing_{self.platform}").unit_tests(stack, self.language)
        return written

    def integration_tests(self, stack: Stack, manifest: str = "") -> str:
        """The text of the integration tests; `manifest` is the text of the file of that name, empty when unknown."""
        if self.language == "py":
            written: str = import_module("kit.rehearsal.testing_python").integration_tests_python(stack)
            return written
        from kit.rehearsal.testing import integration_tests

        return integration_tests(stack, manifest, cloudformation=self.platform in ("cfn", "cdk"))


def target_of(main: str, platform: str = "") -> Target:
    """The pair whose main file is `main`; `platform` tells programs of one language apart."""
    if main.endswith((".yml", ".yaml", ".json")):
        return Target("cfn", "json" if main.endswith(".json") else "yaml")
    return Target(platform or "cdk", "py" if main.endswith(".py") else "ts")


def stack_of(prompts: list[str]) -> tuple[Stack, list[str]]:
    """The plain stack that answers the last of `prompts`, and the features that the later ones added to the first's."""
    stack = compose(read(prompts[0]))
    return stack, add_asked(stack, "\n".join(prompts[1:]))
