// The panel: who says so. A statement with each of its sentences, a node with all that is stated of it.
import { $, button, make, name } from "./dom.js";
import { isNode, other, words } from "./graph.js";
import { swatch } from "./legend.js";

const SHOWN = 60; // statements of a node before "more"
const FOCUSABLE = "button, input, summary, a";

/** `act` is what the reader can do: choose, focus, expand, hide, pin, path, loops, ... */
export function panel(graph, act) {
  const title = $("panel-title"), body = $("panel");

  let topic = null, before = null;

  /** Say what the panel will be about: where that is as before, the reader's place in it is kept. */
  function about(what) { [before, topic] = [topic, what]; }

  function show(heading, ...children) {
    const held = document.activeElement, place = [...body.querySelectorAll(FOCUSABLE)].indexOf(held), top = body.parentElement.scrollTop;
    title.replaceChildren(...(Array.isArray(heading) ? heading : [heading]));
    body.replaceChildren(...children.flat().filter(Boolean));
    body.parentElement.scrollTop = topic === before ? top : 0;
    if (place < 0) return;
    const now = [...body.querySelectorAll(FOCUSABLE)], like = now.find((each) => called(each) === called(held));
    (topic === before ? like ?? now[place] ?? title : title).focus({ preventScroll: true });
  }

  const who = (node) => (node.type.name === "amount" ? name(node.name) : button(name(node.name), () => act.choose(node.id), { class: "who" }));

  function sentence(edge) {
    const end = edge.to.type.name === "amount" ? null : who(edge.to);
    return make("h3", {}, who(edge.from), " ", button(edge.relation.label, () => act.choose(edge.id), { class: "open" }), end ? " " : null, end,
      edge.amount ? make("span", { class: "sum" }, ` ${edge.amount}`) : null);
  }

  function facts(edge) {
    const line = make("p", { class: "meta" }, make("span", { class: `chip ${edge.status.name}` }, edge.status.name));
    line.append([edge.date, edge.more, edge.sure < 100 ? `${edge.sure}% sure` : "", edge.reported ? `first reported ${edge.reported}` : "", edge.sources > 1 ? `${edge.sources} independent sources` : ""].filter(Boolean).join(" · "));
    return line;
  }

  function link(document_) {
    const text = name(document_.title);
    let address = null;
    try { address = new URL(document_.url); } catch { return text; }
    if (address.protocol !== "https:" && address.protocol !== "http:") return text;
    return make("a", { href: address.href, rel: "noopener noreferrer", target: "_blank" }, text);
  }

  function quoted(evidence, edge) {
    const from = make("p", { class: "meta" }), document_ = evidence.document;
    if (document_.publisher) from.append(name(document_.publisher), ", ");
    if (document_.date) from.append(`${document_.date}: `);
    from.append(link(document_));
    if (evidence.original) from.append(" (reprint of ", link(evidence.original), ")");
    const detail = make("p", { class: "meta" });
    if (evidence.status !== edge.status.name) detail.append(make("span", { class: `chip ${evidence.status}` }, evidence.status));
    const rest = [evidence.sure < 100 && evidence.sure !== edge.sure ? `${evidence.sure}% sure` : "", evidence.own, `rule ${evidence.rule}`];
    detail.append(rest.filter(Boolean).join(" · "));
    return make("div", { class: "evidence" }, make("blockquote", {}, ...marked(evidence.quote, [edge.from, edge.to])), from, detail);
  }

  function card(edge, { sentences = 1, against = false } = {}) {
    const shown = edge.evidence.slice(0, sentences), rest = edge.evidence.length - shown.length;
    const element = make("article", { class: against ? "card against" : "card" }, sentence(edge), facts(edge), ...shown.map((e) => quoted(e, edge)));
    if (rest > 0) {
      const more = button(`${rest} more sentence${rest > 1 ? "s" : ""}`, () => more.replaceWith(...edge.evidence.slice(sentences).map((e) => quoted(e, edge))));
      element.append(more);
    }
    return element;
  }

  function statement(edge) {
    const others = edge.against.filter(({ edge: each }) => each !== edge);
    const own = edge.against.some(({ edge: each }) => each === edge);
    const beside = [...new Map(others.map((each) => [each.edge.id, each])).values()];
    const more = edge.from.edges.filter((each) => each !== edge && (each.from === edge.to || each.to === edge.to) && !beside.some((b) => b.edge === each));
    show("Statement", card(edge, { sentences: 30 }),
      own ? make("p", { class: "note" }, "Its sentences contradict each other.") : null,
      beside.length ? make("h4", {}, "Contradicted by") : null,
      ...beside.map(({ edge: each, kind }) => [make("p", { class: "note" }, kind), card(each, { sentences: 30, against: true })]).flat(),
      more.length ? make("h4", {}, "Also between the two") : null, ...more.slice(0, 20).map((each) => card(each)));
  }

  function entity(node, state, visible) {
    const edges = [...node.edges].sort((a, b) => (b.when || "").localeCompare(a.when || "") || a.place - b.place);
    const owner = node.owner >= 0 ? graph.nodes[node.owner] : null;
    const units = graph.nodes.filter((each) => each.owner === node.place);
    const buttons = make("div", { class: "buttons" },
      button("Focus 1 hop", () => act.focus(node.id, 1), { "aria-pressed": String(state.focus === node.id && state.hops === 1) }),
      button("2 hops", () => act.focus(node.id, 2), { "aria-pressed": String(state.focus === node.id && state.hops === 2) }),
      button("Expand", () => act.open(node.id), { disabled: state.opened.has(node.id) }),
      button(state.pinned[node.id] ? "Unpin" : "Pin", () => act.pin(node.id)),
      button("Hide", () => act.hide(node.id)),
      button("Path from here", () => act.pathFrom(node.id)),
      button("Money loops", () => act.loops(node.id)));
    const header = [make("p", { class: "meta" }, swatch(node.type), ` ${node.type.label} · ${edges.length} statement${edges.length === 1 ? "" : "s"}, ${visible} shown`)];
    if (node.aliases.length) header.push(make("p", { class: "meta" }, "Also: ", ...node.aliases.slice(0, 12).flatMap((alias, i) => [i ? ", " : "", name(alias)]), node.aliases.length > 12 ? ` and ${node.aliases.length - 12} more` : ""));
    if (owner) header.push(make("p", { class: "meta" }, "Belongs to ", who(owner)));
    if (units.length) header.push(make("p", { class: "meta" }, "Owns or makes ", ...units.slice(0, 8).flatMap((unit, i) => [i ? ", " : "", who(unit)]), units.length > 8 ? ` and ${units.length - 8} more` : ""));
    header.push(make("p", { class: "meta" }, "id ", make("code", {}, node.id)));
    show(name(node.name), header, buttons, timeline(node, edges), byRelation(node, edges));
  }

  /** The statements of a node in the order of time, each a line. */
  function timeline(node, edges) {
    const dated = edges.filter((edge) => edge.when).reverse();
    if (dated.length < 2) return null;
    const rows = dated.map((edge) => make("li", {}, make("time", {}, edge.when), " ",
      button(said(edge, node), () => act.choose(edge.id), { class: "open" }), edge.status.name === "asserted" ? null : make("span", { class: `chip ${edge.status.name}` }, edge.status.name)));
    return make("details", {}, make("summary", {}, `Timeline, ${dated[0].when} to ${dated.at(-1).when}`), make("ol", { class: "timeline" }, ...rows));
  }

  function said(edge, node) {
    const end = other(edge, node);
    return [words(edge, node), end.type.name === "amount" ? "" : end.name, edge.amount].filter(Boolean).join(" ");
  }

  function byRelation(node, edges) {
    const groups = new Map();
    for (const edge of edges) {
      const key = words(edge, node);
      if (!groups.has(key)) groups.set(key, []);
      groups.get(key).push(edge);
    }
    let left = SHOWN;
    return [...groups].sort(([, a], [, b]) => b.length - a.length).map(([key, found]) => {
      const now = found.slice(0, Math.max(left, 3)), rest = found.slice(now.length);
      left -= now.length;
      const group = make("details", { open: left > -SHOWN / 2 }, make("summary", {}, `${key} (${found.length})`), ...now.map((edge) => card(edge)));
      if (rest.length) {
        const more = button(`${rest.length} more`, () => more.replaceWith(...rest.map((edge) => card(edge))));
        group.append(more);
      }
      return group;
    });
  }

  function ways(heading, note, found, controls = []) {
    show(heading, controls, make("p", { class: "note" }, note), ...found.map((way, number) => make("section", { class: "way" },
      make("h4", {}, button(`${number + 1}. ${nodesOf(way).map((node) => node.name).join(" → ")}`, () => act.bright(way), { class: "open" })),
      ...way.map((edge) => card(edge)))));
  }

  return { about, show, statement, entity, ways, card };
}

const called = (element) => `${element.tagName} ${element.id || element.labels?.[0]?.textContent || element.textContent}`;

/** The nodes of a way of edges, in its order. */
export function nodesOf(way) {
  if (way.length === 1) return [way[0].from, way[0].to];
  const shared = [way[1].from, way[1].to];
  let at = shared.includes(way[0].to) ? way[0].from : way[0].to;
  const out = [at];
  for (const edge of way) { at = other(edge, at); out.push(at); }
  return out;
}

/** The quote with the names of the two ends marked: the longest first, whole words, in the letter case given if so found. */
function marked(quote, ends) {
  const names = [...new Set(ends.filter((end) => isNode(end) && end.type.name !== "amount").flatMap((end) => [end.name, ...end.aliases]))]
    .sort((a, b) => b.length - a.length).map((text) => text.replace(/[.*+?^${}()|[\]\\/]/g, "\\$&"));
  if (!names.length) return [quote];
  const pattern = (flags) => new RegExp(`(?<![\\p{L}\\p{N}_])(?:${names.join("|")})(?![\\p{L}\\p{N}_])`, flags);
  const search = pattern("u").test(quote) ? pattern("gu") : pattern("giu"), out = [];
  let last = 0;
  for (const found of quote.matchAll(search)) {
    out.push(quote.slice(last, found.index), make("mark", {}, found[0]));
    last = found.index + found[0].length;
  }
  return [...out, quote.slice(last)].filter((piece) => piece !== "");
}
