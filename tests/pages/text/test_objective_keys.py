"""Keys of objectives stay in the sources."""

from docutils import nodes
from docutils.core import publish_doctree

from hardwired.pages.text.objective_keys import WithoutKeys


def _lists(source: str) -> list[tuple[str, list[str]]]:
    document = publish_doctree(source)
    WithoutKeys(document).apply()
    lists = document.findall(lambda n: isinstance(n, nodes.bullet_list | nodes.enumerated_list))
    return [(type(found).__name__, [item.astext() for item in found]) for found in lists]


def test_a_list_of_objectives_is_numbered_in_place_of_its_keys() -> None:
    """A reader sees what to learn, and not under which name a quiz speaks of it."""
    source = "- **o1** *explain* a wound;\n- **o2** *pool* correlations.\n"

    assert _lists(source) == [("enumerated_list", ["explain a wound;", "pool correlations."])]


def test_another_list_stays_as_it_is() -> None:
    """Strong words are no keys."""
    source = "- **o1** one key\n- **Old** people\n"

    assert _lists(source) == [("bullet_list", ["o1 one key", "Old people"])]
