"""Reading: what a user points at becomes `Document`s whose blocks map back, character by character, to the stored text.

`items` finds files, rows and records, and is cheap; `readers` makes documents of an item, and may run in a process of
its own. `forms` tells how input is read, `options` what a caller may choose.

- Splitting: `containers` (tables, mailboxes), `columns`, `tables` (Parquet), `archives` (WARC), `streams`, `fetch`.
- One reader a form, in `READERS`: `pages` (HTML), `fragments` (HTML without boilerplate), `feeds`, `mails`, `pdf`,
  `office`; each derives markdown, which `documents` makes a document of.
- Markdown and plain text: `text` decodes bytes and keeps the limits, `source` keeps the lines, `markdown` finds the
  blocks, `inline` cleans the text inside a block and `traced` keeps its offsets, `bylines` finds date and publisher.
- `quality` sets aside what is not English or garbled.
"""
