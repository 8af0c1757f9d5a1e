#!/usr/bin/env python3
"""Makes the forms of all town packs: forms-src/*.html -> <town>/forms/*.pdf.

Each form that a town's catalog.toml names gets the town's name, address, colour and logo. The PDFs can be filled in
on screen, are tagged for screen readers (PDF/UA-1) and are committed, so that only who changes a form needs this:

    python3 -m venv /tmp/forms && /tmp/forms/bin/pip install -r tenants/forms-src/requirements.txt
    /tmp/forms/bin/python tenants/build-forms.py            # all towns
    /tmp/forms/bin/python tenants/build-forms.py werne      # one
"""

import base64
import os
import sys
import tomllib
from pathlib import Path

HERE = Path(__file__).resolve().parent
SOURCES = HERE / "forms-src"

# The same sources give the same files: no time of the build in them.
os.environ.setdefault("SOURCE_DATE_EPOCH", "0")

from jinja2 import Environment, FileSystemLoader, StrictUndefined, select_autoescape  # noqa: E402
from weasyprint import HTML  # noqa: E402


def towns(wanted: list[str]) -> list[Path]:
    """The folders of the wanted towns; without a wish, of all that have a pack."""
    packs = sorted(file.parent for file in HERE.glob("*/tenant.toml"))
    unknown = set(wanted) - {pack.name for pack in packs}
    if unknown:
        sys.exit(f"no such town pack: {', '.join(sorted(unknown))}")
    return [pack for pack in packs if not wanted or pack.name in wanted]


def read(file: Path) -> dict:
    """A TOML file."""
    return tomllib.loads(file.read_text(encoding="utf-8"))


def values(pack: Path) -> dict[str, str]:
    """What a form shows of its town."""
    town, theme = read(pack / "tenant.toml"), read(pack / "theme.toml")
    contact = town["contact"]
    return {
        "name": town["name"],
        "office": contact["office"],
        "address": f"{contact['street']}, {contact['zip']} {contact['city']}",
        "website": contact["website"].removeprefix("https://"),
        "primary": theme["primary"],
        "logo": printable_logo(pack / "logo.svg", theme["primary"]),
    }


def printable_logo(file: Path, primary: str) -> str:
    """The logo as a data URI. It is drawn for a coloured bar: on paper its white shield gets an outline."""
    svg = file.read_text(encoding="utf-8")
    svg = svg.replace('fill="#ffffff"/>', f'fill="#ffffff" stroke="{primary}" stroke-width="1.6"/>', 1)
    return "data:image/svg+xml;base64," + base64.b64encode(svg.encode()).decode()


def build(pack: Path, environment: Environment) -> None:
    """Writes the forms of one town."""
    shown = values(pack)
    folder = pack / "forms"
    folder.mkdir(exist_ok=True)
    for form in read(pack / "catalog.toml").get("form", []):
        target = folder / form["file"]
        if not (SOURCES / f"{target.stem}.html").exists():
            continue  # the town's own PDF
        page = environment.get_template(target.stem + ".html").render(shown)
        # `base_url` is a file in the folder: style sheet and font are looked up beside it.
        document = HTML(string=page, base_url=str(SOURCES / "base.html")).render(pdf_forms=True)
        document.write_pdf(target, pdf_variant="pdf/ua-1", pdf_forms=True, pdf_identifier=target.stem.encode())
        print(f"{target.relative_to(HERE)}: {len(document.pages)} page(s)")


def main() -> None:
    """Builds the towns named on the command line."""
    environment = Environment(
        loader=FileSystemLoader(SOURCES),
        undefined=StrictUndefined,
        autoescape=select_autoescape(),
    )
    for pack in towns(sys.argv[1:]):
        build(pack, environment)


if __name__ == "__main__":
    main()
