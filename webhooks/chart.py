"""Draws the flows from their tables."""

from bot.talk import Flow
from flows import FLOWS


def draw() -> str:
    """Every flow as a Mermaid state diagram, in Markdown."""
    return "# The flows\n\nDrawn from their tables by `toit flows --write docs/flows.md`.\n" + "".join(
        map(_flow, FLOWS)
    )


def _flow(flow: Flow) -> str:
    lines = [f"    [*] --> {flow.first}"]
    for step in flow.steps.values():
        lines += [f"    {step.name} --> {to}" for to in sorted(step.to)]
        if step.take is None:
            lines.append(f"    {step.name} --> [*]")
        if step.privacy != "open":
            lines.append(f"    note right of {step.name}: {step.privacy}")
    return f"\n## {flow.name}\n\n```mermaid\nstateDiagram-v2\n" + "\n".join(lines) + "\n```\n"
