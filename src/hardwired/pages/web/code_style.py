"""Two code styles with contrast for WCAG AA on the book's pages, light and dark."""

from pygments.style import Style
from pygments.token import (
    Comment,
    Error,
    Keyword,
    Name,
    Number,
    Operator,
    String,
    Token,
)
from sphinx.application import Sphinx


class Light(Style):
    """Ink on paper; comments in italics, keywords in bold, so that grey print keeps them apart."""

    background_color = "#f6f3ea"
    styles = {
        Token: "#1d232a",
        Comment: "italic #59626c",
        Keyword: "bold #0b4f7d",
        Operator.Word: "bold #0b4f7d",
        Name.Builtin: "#0b4f7d",
        Name.Function: "#7a3b00",
        Name.Class: "#7a3b00",
        Name.Decorator: "#7a3b00",
        String: "#0f5c44",
        Number: "#8a2a5f",
        Error: "#a4001d",
    }


class Dark(Style):
    """The same order of weights on a dark page."""

    background_color = "#1d232b"
    styles = {
        Token: "#e2e4e6",
        Comment: "italic #a3adb8",
        Keyword: "bold #8cc4f0",
        Operator.Word: "bold #8cc4f0",
        Name.Builtin: "#8cc4f0",
        Name.Function: "#f0b98a",
        Name.Class: "#f0b98a",
        Name.Decorator: "#f0b98a",
        String: "#86d3b5",
        Number: "#eaa6cd",
        Error: "#ff9aa8",
    }


def set_dark_style(app: Sphinx) -> None:
    """Give furo the dark style before it writes its style sheet."""
    # furo registers this value when it is loaded as a theme, too late for the configuration file.
    if "pygments_dark_style" in app.config:
        app.config.pygments_dark_style = f"{__name__}.{Dark.__name__}"
