"""From a figure to the SVG that stands in a page: colours with a dark twin, glyphs as text."""
