// The legend: what each drawing means, how often it is there, and whether it is shown.
import { button, make } from "./dom.js";
import { corners } from "./geometry.js";

const SVG = "http://www.w3.org/2000/svg";

function drawn(tag, attributes) {
  const element = document.createElementNS(SVG, tag);
  for (const [key, value] of Object.entries(attributes)) element.setAttribute(key, value);
  return element;
}

/** A small drawing of a shape or a line, beside its name. */
export function swatch({ shape, colour, dashes, struck }) {
  const image = drawn("svg", { class: "swatch", width: 26, height: 14, viewBox: "0 0 26 14", "aria-hidden": "true", focusable: "false" });
  if (shape === "dot") image.append(drawn("circle", { cx: 13, cy: 7, r: 6, fill: colour }));
  else if (shape) {
    const points = corners(shape, 5.5).map(([x, y]) => `${(x + 13).toFixed(1)},${(y + 7).toFixed(1)}`).join(" ");
    image.append(drawn("polygon", { points, fill: shape === "box" ? "none" : colour, stroke: colour, "stroke-width": shape === "box" ? 1.5 : 0 }));
  } else {
    const line = { x1: 1, y1: 7, x2: 25, y2: 7, "stroke-width": 3, stroke: colour ?? "currentColor", "stroke-dasharray": (dashes ?? []).join(" ") };
    image.append(drawn("line", line));
    if (struck) image.append(drawn("line", { x1: 9, y1: 12, x2: 17, y2: 2, "stroke-width": 1.5, stroke: colour ?? "currentColor" }));
  }
  return image;
}

/** The three groups of filters, of what occurs. `set(facet, { show, hide })` changes the state. */
export function legend(graph, place, set) {
  const groups = [
    ["type", "Entity types", graph.types.map((type) => ({ value: type.name, label: type.label, ...type }))],
    ["relation", "Relations", graph.relations.map((each) => ({ value: each.name, label: each.label, colour: each.colour }))],
    ["status", "Status", graph.statuses.map((each) => ({
      value: each.name, label: each.name, dashes: each.dashes, struck: ["ended", "denied"].includes(each.name),
    }))],
  ];
  const boxes = [];
  for (const [facet, title, items] of groups) {
    const group = make("fieldset", {}, make("legend", {}, title), make("span", { class: "all" },
      button("all", () => set(facet, { show: items.map((item) => item.value) }), { "aria-label": `Show all ${title.toLowerCase()}` }),
      button("none", () => set(facet, { hide: items.map((item) => item.value) }), { "aria-label": `Show none of the ${title.toLowerCase()}` })));
    for (const item of items) {
      const box = make("input", { type: "checkbox", autocomplete: "off", onchange: () => set(facet, { [box.checked ? "show" : "hide"]: [item.value] }) });
      const count = make("span", { class: "count" });
      const only = button("only", () => set(facet, { show: [item.value], hide: items.map((each) => each.value).filter((value) => value !== item.value) }), { class: "only", "aria-label": `Show only ${item.label}` });
      const row = make("div", { class: "item" }, make("label", {}, box, swatch(item), make("span", {}, item.label)), only, count);
      boxes.push({ facet, value: item.value, box, count, row });
      group.append(row);
    }
    place.append(group);
  }
  return {
    /** Bring it up to date: counts are of what is seen, of all there is. */
    update(state, view) {
      const seen = { type: new Map(), relation: new Map(), status: new Map() };
      const add = (facet, value) => seen[facet].set(value, (seen[facet].get(value) ?? 0) + 1);
      for (const node of view.nodes) add("type", node.type.name);
      for (const edge of view.edges) { add("relation", edge.relation.name); add("status", edge.status.name); }
      const all = { type: new Map(), relation: new Map(), status: new Map() };
      for (const node of graph.nodes) all.type.set(node.type.name, (all.type.get(node.type.name) ?? 0) + 1);
      for (const edge of graph.edges) {
        for (const [facet, value] of [["relation", edge.relation.name], ["status", edge.status.name]]) all[facet].set(value, (all[facet].get(value) ?? 0) + 1);
      }
      for (const { facet, value, box, count, row } of boxes) {
        const total = all[facet].get(value) ?? 0, here = seen[facet].get(value) ?? 0;
        row.hidden = total === 0;
        box.checked = !state.off[facet].has(value);
        count.textContent = here === total ? `${total}` : `${here} / ${total}`;
      }
    },
  };
}
