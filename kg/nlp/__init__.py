"""Annotating a document: names, amounts, dates, references, relations, status."""
