"""The templates of a web page, after which its policy is written into it."""

from __future__ import annotations

from typing import Any

from sphinx.application import Sphinx
from sphinx.builders import Builder
from sphinx.config import Config
from sphinx.jinja2glue import BuiltinTemplateLoader
from sphinx.theming import Theme

from hardwired.house import policy

__all__ = ["Templates", "use"]

WEB = frozenset({"html", "dirhtml"})


class Templates(BuiltinTemplateLoader):
    """Sphinx's templates, with a policy in each page of the web."""

    def init(
        self, builder: Builder, theme: Theme | None = None, dirs: list[str] | None = None
    ) -> None:
        """Remember whether this is a web build."""
        super().init(builder, theme, dirs)
        self.web = builder.name in WEB

    def render(self, template: str, context: dict[str, Any]) -> str:  # type: ignore[override]
        """Render one page, and give it what it may load."""
        page: str = super().render(template, context)
        if not self.web or "</head>" not in page:
            return page
        return policy.give(page)


def use(app: Sphinx, config: Config) -> None:
    """Let Sphinx take the templates from here."""
    config.template_bridge = f"{__name__}.{Templates.__name__}"
