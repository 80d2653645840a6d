"""Reading: files become `Document`s whose blocks map back, character by character, to the stored text.

`text` decodes bytes and keeps the limits, `source` keeps the lines, `markdown` finds the blocks, `inline` cleans the
text inside a block and `traced` keeps its offsets, `bylines` finds date and publisher, `readers` puts them together:
one reader a suffix, in `READERS`.
"""
