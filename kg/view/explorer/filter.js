// Which nodes and edges are to be seen, by what the reader has set.
import { months, other } from "./graph.js";

/** The node that stands for a node: its topmost owner where units are rolled up. */
export function standsFor(graph, state) {
  if (!state.rolled) return (node) => node;
  return (node) => {
    const seen = new Set();
    while (node.owner >= 0 && !seen.has(node)) { seen.add(node); node = graph.nodes[node.owner]; }
    return node;
  };
}

/** Whether an edge passes the filters; nothing about the part of the graph that is shown. */
export function passes(edge, state) {
  const { off } = state;
  if (off.relation.has(edge.relation.name) || off.status.has(edge.status.name) || edge.sure < state.sure) return false;
  if (off.type.has(edge.from.type.name) || off.type.has(edge.to.type.name)) return false;
  return inTime(edge, state);
}

function inTime(edge, state) {
  if (state.from === null && state.to === null) return true;
  const span = months(edge.when);
  if (span === null) return state.undated;
  return (state.from === null || span[1] >= state.from) && (state.to === null || span[0] <= state.to);
}

/** All that can be reached over edges in so many steps. */
function around(nodes, steps, passing) {
  const reached = new Set(nodes);
  let border = [...reached];
  for (let step = 0; step < steps; step += 1) {
    const next = [];
    for (const node of border) {
      for (const edge of node.edges) {
        const end = other(edge, node);
        if (passing(edge) && !reached.has(end)) { reached.add(end); next.push(end); }
      }
    }
    border = next;
  }
  return reached;
}

/** What is to be seen: nodes, edges, and edges that stand between other nodes than their own because of rolling up;
 * those of `more`, edges that the reader asked for, too. */
export function seen(graph, state, more = []) {
  const passing = (edge) => passes(edge, state) && !state.hidden.has(edge.from.id) && !state.hidden.has(edge.to.id);
  const rep = standsFor(graph, state), scope = scopeOf(graph, state, passing, rep);
  if (scope) for (const edge of more) scope.add(edge.from).add(edge.to);
  const nodes = new Set(), edges = [];
  for (const edge of graph.edges) {
    if (!passing(edge) || (scope && !(scope.has(edge.from) && scope.has(edge.to)))) continue;
    const from = rep(edge.from), to = rep(edge.to);
    if (state.hidden.has(from.id) || state.hidden.has(to.id)) continue;
    if (from === to) { nodes.add(from); continue; }
    edges.push(from === edge.from && to === edge.to ? edge : { ...edge, from, to, own: edge });
    nodes.add(from).add(to);
  }
  for (const id of [state.chosen, state.focus]) {
    const node = graph.byId.get(id);
    if (node?.edges && !state.hidden.has(id)) nodes.add(rep(node));
  }
  return { nodes, edges: state.rolled ? fanned(edges) : edges };
}

function scopeOf(graph, state, passing, rep) {
  const whole = (node) => (state.rolled ? graph.nodes.filter((each) => rep(each) === rep(node)) : [node]);
  const extra = [...state.opened].map((id) => graph.byId.get(id)).filter((node) => node?.edges).flatMap(whole);
  const focus = graph.byId.get(state.focus);
  let scope = null;
  if (focus?.edges) scope = around(whole(focus), state.hops, passing);
  else if (!state.all) scope = new Set(graph.first);
  if (scope) for (const node of around(extra, 1, passing)) scope.add(node);
  if (scope && state.chosen) {
    const chosen = graph.byId.get(state.chosen);
    for (const node of chosen?.edges ? [chosen] : chosen ? [chosen.from, chosen.to] : []) scope.add(node);
  }
  if (scope && state.path) for (const id of [state.path.a, state.path.b]) if (graph.byId.get(id)?.edges) scope.add(graph.byId.get(id));
  return scope;
}

/** Edges that have come to lie between the same two nodes are bent apart. */
function fanned(edges) {
  const groups = new Map();
  for (const edge of edges) {
    const key = edge.from.place < edge.to.place ? `${edge.from.place} ${edge.to.place}` : `${edge.to.place} ${edge.from.place}`;
    if (!groups.has(key)) groups.set(key, []);
    groups.get(key).push(edge);
  }
  return edges.map((edge) => {
    const key = edge.from.place < edge.to.place ? `${edge.from.place} ${edge.to.place}` : `${edge.to.place} ${edge.from.place}`;
    const group = groups.get(key), bend = (group.indexOf(edge) - (group.length - 1) / 2) * Math.min(0.25, 2 / group.length);
    return { ...edge, own: edge.own ?? edge, bend: edge.from.place < edge.to.place ? bend : -bend };
  });
}
