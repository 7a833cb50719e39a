"""The answer to PROMPT.md: a plain stack, said to be what it is, with what was not understood."""

from __future__ import annotations

from kit.rehearsal.blueprints import heads
from kit.rehearsal.documents import block
from kit.rehearsal.emitting import wanted
from kit.rehearsal.features import foreign
from kit.rehearsal.reading import read
from kit.rehearsal.targets import Target, stack_of


def respond(prompts: list[str]) -> str:
    """The markdown that answers the last of `prompts`; those before it are the earlier rounds, whose stack is kept."""
    brief = read(prompts[0])
    stack, added = stack_of(prompts)
    target = Target(*wanted(prompts[0], brief.language))
    files = target.files(stack)
    suffix = "environment_suffix" if target.language == "py" else "environmentSuffix"
    suffix = f"the argument {suffix}" if target.program else "the parameter EnvironmentSuffix"
    built = ", ".join(heads()[one]["title"] for one in brief.services) or "nothing that the text names"
    lines = [
        f"The stack below is built from {built}, for {brief.region}. All names end with {suffix}, "
        "and everything in it can be deleted with the stack.",
        "",
    ]
    if added:
        lines += ["New in this round: " + "; ".join(added) + ".", ""]
    unbuilt = [*brief.unbuilt, *foreign("\n".join(prompts[1:]))]
    if unbuilt:
        lines += ["Not built, because I do not know how: " + ", ".join(unbuilt) + ".", ""]
    left_out = target.left_out(stack)
    if left_out:
        lines += ["Left out here:", ""] + [f"- {one}" for one in left_out] + [""]
    if brief.unread:
        lines += ["I found nothing to build in these sentences:", ""] + [f"- {one}" for one in brief.unread[:12]] + [""]
    if not stack.resources:
        lines += ["No AWS service that I can build is named in the text, so that the template has no resources.", ""]
    return "\n".join(lines) + "\n" + "\n".join(block(path, content) for path, content in files.items())
