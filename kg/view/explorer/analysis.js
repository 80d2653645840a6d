// Search, paths, money loops, and what is new between two dates.
import { months, other } from "./graph.js";

const folded = (text) => text.normalize("NFKD").replace(/\p{M}/gu, "").toLowerCase();

/** A search over names, aliases and sentences: nodes by how well their names fit, then statements whose words fit. */
export function searcher(graph) {
  const names = graph.nodes.filter((node) => node.type.name !== "amount")
    .map((node) => ({ node, forms: [node.name, ...node.aliases].map(folded) }));
  let sentences = null; // made when first needed
  return (words, limit = 12) => {
    const wanted = folded(words).trim();
    if (!wanted) return { nodes: [], edges: [] };
    const rank = (form) => (form === wanted ? 0 : form.startsWith(wanted) ? 1 : form.includes(` ${wanted}`) ? 2 : form.includes(wanted) ? 3 : 9);
    const nodes = names.map(({ node, forms }) => [Math.min(...forms.map(rank)), node]).filter(([found]) => found < 9)
      .sort(([one, a], [two, b]) => one - two || b.edges.length - a.edges.length || (a.name < b.name ? -1 : 1))
      .slice(0, limit).map(([, node]) => node);
    sentences ??= graph.edges.map((edge) => [edge, folded([...new Set(edge.evidence.map((e) => e.quote))].join("\n"))]);
    const edges = sentences.filter(([, text]) => text.includes(wanted)).slice(0, limit).map(([edge]) => edge);
    return { nodes, edges };
  };
}

/** The shortest ways from one node to another, at most `limit`, each a list of edges; `directed` follows the arrows. */
export function paths(from, to, passing, { directed = false, longest = 6, limit = 5 } = {}) {
  const distance = new Map([[to, 0]]);
  let border = [to];
  for (let step = 1; step <= longest && border.length && !distance.has(from); step += 1) {
    const next = [];
    for (const node of border) {
      for (const edge of node.edges) {
        const before = other(edge, node);
        if (!distance.has(before) && passing(edge) && goes(edge, before, directed)) { distance.set(before, step); next.push(before); }
      }
    }
    border = next;
  }
  const found = [];
  const walk = (node, way) => {
    if (found.length >= limit) return;
    if (node === to) { found.push(way); return; }
    for (const edge of node.edges) {
      const next = other(edge, node);
      if (distance.get(next) === distance.get(node) - 1 && passing(edge) && goes(edge, node, directed)) walk(next, [...way, edge]);
    }
  };
  if (from !== to && distance.has(from)) walk(from, []);
  return found;
}

const goes = (edge, from, directed) => !directed || edge.relation.symmetric || edge.from === from;

/** Who pays whom by an edge: `[payer, paid]`, or null where no money flows. */
function flow(edge) {
  if (!edge.relation.paidBy || edge.to.type.name === "amount") return null;
  return edge.relation.paidBy === "subject" ? [edge.from, edge.to] : [edge.to, edge.from];
}

/** Rings in which money comes back to where it came from, through a node or anywhere, of at most `longest` edges. */
export function loops(graph, through, passing, { longest = 4, limit = 30 } = {}) {
  const out = new Map();
  for (const edge of graph.edges) {
    const ends = passing(edge) ? flow(edge) : null;
    if (ends) {
      if (!out.has(ends[0])) out.set(ends[0], []);
      out.get(ends[0]).push([ends[1], edge]);
    }
  }
  const found = new Map();
  const starts = through ? [through] : [...out.keys()];
  for (const start of starts) {
    const walk = (node, way, nodes) => {
      for (const [next, edge] of out.get(node) ?? []) {
        if (found.size >= limit) return;
        if (next === start && way.length > 0) {
          const ring = [...nodes].sort((a, b) => a.place - b.place).map((n) => n.place).join(" ");
          if (!found.has(ring)) found.set(ring, [...way, edge]);
        } else if (way.length + 1 < longest && !nodes.includes(next) && (through || next.place > start.place)) {
          walk(next, [...way, edge], [...nodes, next]);
        }
      }
    };
    walk(start, [], [start]);
  }
  return [...found.values()].sort((a, b) => a.length - b.length);
}

/** Edges that were told of after the one month and up to the other. */
export function fresh(edges, [after, until]) {
  return edges.filter((edge) => {
    const span = months(edge.when);
    return span !== null && span[0] > after && span[0] <= until;
  });
}
