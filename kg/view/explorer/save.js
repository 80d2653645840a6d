// Files to take away: the picture as PNG and SVG, what is seen as CSV, Turtle and GraphML.
import { palette, FONT, bar, isStruck, shadeOf, short } from "./picture.js";
import { arrow, corners } from "./geometry.js";

const escaped = (text) => String(text).replace(/[\u0000-\u0008\u000b\u000c\u000e-\u001f\ufffe\uffff]/g, "")
  .replace(/[<>&"']/g, (c) => `&#${c.charCodeAt(0)};`);
const own = (view) => view.edges.map((edge) => edge.own ?? edge);

/** A cell of a table: quoted, and never a formula to a spreadsheet. */
function cell(value) {
  const text = String(value ?? "");
  const plain = /^[=+\-@\t\r]/.test(text) && !/^-?[0-9.]+%?$/.test(text) ? `'${text}` : text;
  return /[",\r\n]/.test(plain) ? `"${plain.replaceAll('"', '""')}"` : plain;
}

export function csv(view) {
  const head = ["id", "subject", "relation", "object", "status", "confidence", "amount", "value", "currency", "date", "first reported", "qualifiers",
    "publisher", "title", "published", "url", "sentence"];
  const rows = own(view).flatMap((e) => e.evidence.map((said) => [e.id, e.from.name, e.relation.name, e.to.type.name === "amount" ? "" : e.to.name,
    e.status.name, e.sure / 100, e.amount, e.value, e.currency, e.date, e.reported, e.more, said.document.publisher, said.document.title,
    said.document.date, said.document.url, said.quote]));
  return "\ufeff" + [head, ...rows].map((row) => row.map(cell).join(",")).join("\r\n") + "\r\n";
}

const literal = (text) => `"${String(text).replace(/[\\"\n\r\t]/g, (c) => ({ "\\": "\\\\", '"': '\\"', "\n": "\\n", "\r": "\\r", "\t": "\\t" })[c])}"`;

/** The entities and statements that are seen, with their sentences, as Turtle; `spaces` are the namespaces. */
export function turtle(view, spaces) {
  const slug = (text) => encodeURIComponent(text).replace(/[!'()*]/g, (c) => `%${c.charCodeAt(0).toString(16).toUpperCase()}`);
  const entity = (node) => `<${spaces.id}${slug(node.id)}>`, kg = (term) => `<${spaces.kg}${term}>`;
  const lines = [`@prefix rdf: <${spaces.rdf}> .`, `@prefix rdfs: <${spaces.rdfs}> .`, `@prefix oa: <${spaces.oa}> .`, `@prefix xsd: <${spaces.xsd}> .`, ""];
  for (const node of new Set(own(view).flatMap((e) => [e.from, e.to]))) {
    if (node.type.name !== "amount") lines.push(`${entity(node)} a ${kg(node.type.name)} ; rdfs:label ${literal(node.name)} .`);
  }
  for (const e of own(view)) {
    const value = `${literal(e.value)}^^xsd:decimal`, object = e.to.type.name === "amount" ? (e.value ? value : null) : entity(e.to);
    const parts = [`a ${kg("Statement")}`, `rdf:subject ${entity(e.from)}`, `rdf:predicate ${kg(e.relation.name)}`];
    if (object) parts.push(`rdf:object ${object}`);
    parts.push(`${kg("status")} ${kg(e.status.name)}`, `${kg("confidence")} ${literal(e.sure / 100)}^^xsd:decimal`);
    if (e.value) parts.push(`${kg("amount")} ${value}`, `${kg("currency")} ${literal(e.currency)}`);
    if (e.date) parts.push(`${kg("eventDate")} ${literal(e.date)}`);
    parts.push(...[...new Set(e.evidence.map((said) => said.quote))].map((quote) => `oa:exact ${literal(quote)}`));
    if (object && e.status.name === "asserted") lines.push(`${entity(e.from)} ${kg(e.relation.name)} ${object} .`);
    lines.push(`<${spaces.st}${slug(e.id)}> ${parts.join(" ;\n    ")} .`);
  }
  return lines.join("\n") + "\n";
}

export function graphml(view) {
  const keys = { node: ["name", "type"], edge: ["relation", "status", "confidence", "amount", "currency", "date", "sentence"] };
  const data = (key, value) => (value === "" || value === undefined ? "" : `<data key="${key}">${escaped(value)}</data>`);
  const head = Object.entries(keys).flatMap(([kind, names]) => names.map((key) => `<key id="${kind}-${key}" for="${kind}" attr.name="${key}" attr.type="string"/>`));
  const edges = own(view), nodes = new Set(edges.flatMap((e) => [e.from, e.to]));
  return ['<?xml version="1.0" encoding="UTF-8"?>', '<graphml xmlns="http://graphml.graphdrawing.org/xmlns">', ...head, '<graph edgedefault="directed">',
    ...[...nodes].map((n) => `<node id="${escaped(n.id)}">${data("node-name", n.name)}${data("node-type", n.type.name)}</node>`),
    ...edges.map((e) => `<edge id="${escaped(e.id)}" source="${escaped(e.from.id)}" target="${escaped(e.to.id)}">`
      + [["relation", e.relation.name], ["status", e.status.name], ["confidence", e.sure / 100], ["amount", e.value], ["currency", e.currency],
        ["date", e.when], ["sentence", e.evidence[0].quote]].map(([key, value]) => data(`edge-${key}`, value)).join("") + "</edge>"),
    "</graph>", "</graphml>", ""].join("\n");
}

/** The picture as it stands, as an SVG file. */
export function svg(picture, state, title) {
  const { ground, ink, soft } = palette(), { width, height } = picture.size, f = (n) => n.toFixed(1), out = [];
  const path = (way) => `M${way.start.map(f)}` + (way.straight ? "L" : `Q${way.control.map(f)} `) + way.end.map(f);
  for (const { edge, way, width: wide, bright } of picture.edges) {
    const dashes = edge.status.dashes.map((length) => f(length * Math.max(1, wide / 3))).join(" "), broken = dashes ? ` stroke-dasharray="${dashes}"` : "", shade = edge.relation.colour;
    out.push(`<g opacity="${bright ? 0.9 : 0.1}" stroke="${shade}" fill="${shade}"><path d="${path(way)}" fill="none" stroke-width="${f(wide)}"${broken}/>`);
    if (!edge.relation.symmetric && edge.to.type.name !== "amount") out.push(`<polygon stroke="none" points="${arrow(way, wide).map((p) => p.map(f)).join(" ")}"/>`);
    if (isStruck(edge)) out.push(`<path stroke-width="2" d="M${bar(way, wide).map((p) => p.map(f)).join("L")}"/>`);
    out.push("</g>");
  }
  for (const { node, x, y, radius, bright } of picture.nodes.values()) {
    const hollow = node.type.shape === "box", shade = shadeOf(node, state);
    const look = `fill="${hollow ? ground : shade}" stroke="${hollow ? shade : ground}" stroke-width="1.2" opacity="${bright ? 1 : 0.22}"`, points = corners(node.type.shape, radius);
    const around = points.map(([px, py]) => `${f(x + px)},${f(y + py)}`).join(" ");
    out.push(points.length ? `<polygon ${look} points="${around}"/>` : `<circle ${look} cx="${f(x)}" cy="${f(y)}" r="${f(radius)}"/>`);
  }
  const words = (text, x, y, fill, size, alpha = 1) => out.push(`<text x="${f(x)}" y="${f(y)}" font-size="${size}" fill="${fill}" stroke="${ground}" stroke-width="3.5" `
    + `stroke-linejoin="round" paint-order="stroke" text-anchor="middle" dominant-baseline="central" opacity="${alpha}">${escaped(text)}</text>`);
  for (const note of picture.notes) words(note.text, note.x, note.y, note.colour, 11.5);
  for (const label of picture.labels) words(short(label.text), label.cx, label.cy, label.node.type.name === "amount" ? soft : ink, 13, label.bright ? 1 : 0.3);
  return `<svg xmlns="http://www.w3.org/2000/svg" width="${width}" height="${height}" viewBox="0 0 ${width} ${height}" font-family="${escaped(FONT.replace(/^\S+ /, ""))}" role="img">`
    + `<title>${escaped(title)}</title><rect width="100%" height="100%" fill="${ground}"/>${out.join("")}</svg>\n`;
}
