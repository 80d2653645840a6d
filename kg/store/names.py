"""The IRIs of the graph: namespaces, the prefixes that stand for them, and ids as IRIs and back."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from decimal import Decimal
from urllib.parse import quote, unquote

from kg.model import Amount, Binding, Evidence, content_hash
from kg.schema import ID_BASE, NAMESPACE

PROP = "https://w3id.org/aiindkg/prop/"
PROP_STATEMENT = PROP + "statement/"
RDF = "http://www.w3.org/1999/02/22-rdf-syntax-ns#"
RDFS = "http://www.w3.org/2000/01/rdf-schema#"
SKOS = "http://www.w3.org/2004/02/skos/core#"
XSD = "http://www.w3.org/2001/XMLSchema#"
PROV = "http://www.w3.org/ns/prov#"
OA = "http://www.w3.org/ns/oa#"
DCT = "http://purl.org/dc/terms/"
SCHEMA_ORG = "https://schema.org/"

# A local part that may follow a prefix without a backslash.
_PLAIN_LOCAL = re.compile(r"(?![.-])(?:[A-Za-z0-9_.-]|%[0-9A-F]{2})+(?<!\.)")


def prefixes(id_base: str = ID_BASE) -> dict[str, str]:
    """Prefix -> namespace, as predeclared in every query. `id:` entities, `st:` statements, `p:` entity to statement,
    `ps:` statement to object, `ev:` evidence, `doc:` documents (their IRI also names the graph of their evidence),
    `bind:` bindings."""
    return {
        "kg": NAMESPACE,
        "id": id_base,
        "p": PROP,
        "ps": PROP_STATEMENT,
        "st": id_base + "statement/",
        "ev": id_base + "evidence/",
        "doc": id_base + "document/",
        "bind": id_base + "binding/",
        "rdf": RDF,
        "rdfs": RDFS,
        "skos": SKOS,
        "xsd": XSD,
        "prov": PROV,
        "oa": OA,
        "dct": DCT,
        "schema": SCHEMA_ORG,
    }


def compact(iri: str, namespaces: Mapping[str, str]) -> str:
    """`id:amazon` for an IRI in one of the `namespaces` (prefix -> namespace), `<iri>` for any other."""
    fitting = [prefix for prefix, namespace in namespaces.items() if iri.startswith(namespace)]
    if fitting:
        best = max(fitting, key=lambda prefix: len(namespaces[prefix]))
        if _PLAIN_LOCAL.fullmatch(iri, len(namespaces[best])):
            return f"{best}:{iri[len(namespaces[best]) :]}"
    return f"<{iri}>"


def _slug(text: str) -> str:
    """`text` with everything but `A-Z a-z 0-9 - _ . ~` percent-encoded as UTF-8."""
    return quote(text, safe="", errors="surrogatepass")


@dataclass(frozen=True, slots=True)
class Ids:
    """Ids as IRIs under one base, and back."""

    base: str = ID_BASE

    def entity(self, entity_id: str) -> str:
        return self.base + _slug(entity_id)

    def statement(self, statement_id: str) -> str:
        return f"{self.base}statement/{_slug(statement_id)}"

    def document(self, document_hash: str) -> str:
        return f"{self.base}document/{_slug(document_hash)}"

    @property
    def registry(self) -> str:
        """The graph of what is known beforehand."""
        return self.base + "registry"

    def binding(self, binding: Binding) -> str:
        """A document binds a surface form once."""
        return f"{self.base}binding/{content_hash(binding.document, binding.surface)}"

    def evidence(self, evidence: Evidence) -> str:
        """A hash of everything the evidence says: equal evidence of two statements is one thing. Its confidence is an
        estimate and no part of it, so that a better estimate changes no id."""
        e, qualifiers = evidence, evidence.qualifiers
        parts = [e.document, str(e.start), str(e.end), e.quote, e.rule, e.status, str(qualifiers.lead)]
        parts += _amount_parts(qualifiers.amount)
        optional = (qualifiers.date, qualifiers.round, qualifiers.role, qualifiers.period)
        parts += ["-" if part is None else "=" + part for part in optional]
        return f"{self.base}evidence/{content_hash(*parts)}"

    def local(self, iri: str, kind: str = "") -> str:
        """The id in an IRI made by `entity` (`kind` empty), `statement` or `document`."""
        return unquote(iri.removeprefix(self.base + kind), errors="surrogatepass")


def decimal_text(value: Decimal) -> str:
    """The canonical xsd:decimal form: no exponent, no zeros after the last digit of the fraction."""
    if not value:
        return "0"
    text = format(value, "f")
    return text.rstrip("0").rstrip(".") if "." in text else text


def _amount_parts(amount: Amount | None) -> list[str]:
    return ["-"] if amount is None else [decimal_text(amount.value), amount.currency, amount.bound, amount.kind]


def as_literal(text: str) -> str:
    """The text as a literal can hold it. RDF has no lone surrogates: each becomes U+FFFD."""
    return text if text.isascii() else text.encode("utf-16", "surrogatepass").decode("utf-16", "replace")
