"""The answer to PROMPT.md: a plain stack, said to be what it is, with what was not understood."""

from __future__ import annotations

from kit.rehearsal.blueprints import heads
from kit.rehearsal.composing import compose
from kit.rehearsal.documents import LANGUAGES, PLATFORMS, block
from kit.rehearsal.emitting import emit, wanted
from kit.rehearsal.features import add_asked
from kit.rehearsal.reading import read


def respond(prompts: list[str]) -> str:
    """The markdown that answers the last of `prompts`; those before it are the earlier rounds, whose stack is kept."""
    brief = read(prompts[0])
    stack = compose(brief)
    added = add_asked(stack, "\n".join(prompts[1:]))
    platform, language = wanted(prompts[0], brief.language)
    files = emit(stack, platform, language)
    if not files:
        return (
            f"I cannot answer this: rehearsal writes CloudFormation, and {PLATFORMS[platform]} in {LANGUAGES[language]} is asked "
            "for. A model has to answer it.\n"
        )
    built = ", ".join(heads()[one]["title"] for one in brief.services) or "nothing that the text names"
    lines = [
        f"The stack below is built from {built}, for {brief.region}. All names end with the parameter EnvironmentSuffix, "
        "and everything in it can be deleted with the stack.",
        "",
    ]
    if added:
        lines += ["New in this round: " + "; ".join(added) + ".", ""]
    if brief.unbuilt:
        lines += ["Not built, because I do not know how: " + ", ".join(brief.unbuilt) + ".", ""]
    if brief.unread:
        lines += ["I found nothing to build in these sentences:", ""] + [f"- {one}" for one in brief.unread[:12]] + [""]
    if not stack.resources:
        lines += ["No AWS service that I can build is named in the text, so that the template has no resources.", ""]
    return "\n".join(lines) + "\n" + "\n".join(block(path, content) for path, content in files.items())
