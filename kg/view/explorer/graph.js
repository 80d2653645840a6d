// The data of the page as nodes and edges that know each other.

/** Nodes and edges with what hangs on them. `when`: the event's date, or else that of the first report. */
export function read(data) {
  const text = (place) => (place < 0 ? "" : data.texts[place]);
  const { nodes: n, edges: e } = data;
  const nodes = n.id.map((id, place) => ({
    place, id, name: n.name[place], type: data.types[n.type[place]], size: n.size[place], x: n.x[place], y: n.y[place],
    aliases: n.aliases[place], owner: n.owner[place], shade: data.groups.at(Math.min(n.group[place], data.groups.length - 1)), edges: [],
  }));
  const documents = new Map(data.documents.map((each) => [each.id, each]));
  const edges = e.id.map((id, place) => {
    const date = text(e.date[place]), reported = text(e.reported[place]);
    const [value, currency] = e.value[place].split(" ");
    const edge = {
      place, id, from: nodes[e.from[place]], to: nodes[e.to[place]], bend: e.bend[place], relation: data.relations[e.relation[place]],
      status: data.statuses[e.status[place]], sure: e.sure[place], width: e.width[place], amount: text(e.amount[place]),
      value: value || "", currency: currency || "", date, reported, when: date || reported, more: text(e.more[place]), sources: e.sources[place], against: [],
      evidence: e.evidence[place].map(([quote, document, status, sure, rule, own]) => ({
        quote: text(quote), document: data.documents[document], original: documents.get(data.documents[document].reprintOf), status: data.statuses[status].name, sure, rule: text(rule), own: text(own),
      })),
    };
    for (const end of new Set([edge.from, edge.to])) end.edges.push(edge);
    return edge;
  });
  for (const [one, other, kind] of data.conflicts) {
    edges[one].against.push({ edge: edges[other], kind: text(kind) });
    if (one !== other) edges[other].against.push({ edge: edges[one], kind: text(kind) });
  }
  return {
    nodes, edges, types: data.types, relations: data.relations, statuses: data.statuses, documents: data.documents,
    first: new Set(n.first.map((place) => nodes[place])), byId: new Map([...nodes, ...edges].map((each) => [each.id, each])),
  };
}

export const other = (edge, node) => (edge.from === node ? edge.to : edge.from);
export const isNode = (thing) => Boolean(thing && thing.edges);

/** The first and the last month of a date of any precision, as months since the year 0; null for no date. */
export function months(when) {
  const found = /^(\d{4})(?:-(\d\d))?/.exec(when);
  if (!found) return null;
  const year = Number(found[1]) * 12;
  return found[2] ? [year + Number(found[2]) - 1, year + Number(found[2]) - 1] : [year, year + 11];
}

export const monthName = (month) => `${Math.floor(month / 12)}-${String((month % 12) + 1).padStart(2, "0")}`;

/** How an edge reads from one of its ends. */
export function words(edge, from = edge.from) {
  return from === edge.from || edge.relation.symmetric ? edge.relation.label : edge.relation.inverse;
}
