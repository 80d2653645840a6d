// The page's own script: filters, search, evidence panel, table. Text reaches the page by textContent alone.
"use strict";
(() => {
  const $ = (id) => document.getElementById(id);
  const data = JSON.parse($("data").textContent);
  const MANY = 24; // edges up to which all of them carry their relation's name at first
  const colour = (name) => getComputedStyle(document.documentElement).getPropertyValue(name).trim();
  const boxes = [...document.querySelectorAll("input[data-facet]")];
  const dark = matchMedia("(prefers-color-scheme: dark)");
  let focus = null; // {nodes: Set, edges: Set} that stay bright, or null for all
  let on = {};      // facet -> Set of values shown

  function make(tag, attributes, ...children) {
    const element = document.createElement(tag);
    for (const [key, value] of Object.entries(attributes)) {
      if (key === "onclick") element.addEventListener("click", value);
      else element.setAttribute(key, value);
    }
    element.append(...children); // strings become text nodes
    return element;
  }

  // --- what is drawn -------------------------------------------------------------------------------------------
  const label = new Map(data.edges.map((edge) => [edge.id, edge.label]));
  const ends = new Map(data.edges.map((edge) => [edge.id, [edge.from, edge.to]]));
  const kind = new Map(data.nodes.map((node) => [node.id, node.kind]));
  const touching = new Map(data.nodes.map((node) => [node.id, []]));
  for (const edge of data.edges) for (const end of new Set([edge.from, edge.to])) touching.get(end).push(edge.id);

  function hint(text) { // titles are escaped for pyvis's own page; here they are text, so read them back as text
    const names = { lt: "<", gt: ">", amp: "&", quot: '"', "#x27": "'" };
    return text.replace(/&(lt|gt|amp|quot|#x27);/g, (_, name) => names[name]);
  }
  const nodes = new vis.DataSet(data.nodes.map((node) => ({ ...node, title: hint(node.title) })));
  const edges = new vis.DataSet(data.edges.map((edge) => ({ ...edge, title: hint(edge.title), label: undefined })));
  const edgeShown = (edge) => on.relation.has(edge.relation) && on.status.has(edge.status)
    && on.type.has(kind.get(edge.from)) && on.type.has(kind.get(edge.to));
  const nodeShown = (node) => on.type.has(node.kind) && touching.get(node.id).some((id) => edgeShown(edges.get(id)));
  readFilters();
  const nodeView = new vis.DataView(nodes, { filter: nodeShown });
  const edgeView = new vis.DataView(edges, { filter: edgeShown });
  const network = new vis.Network($("graph"), { nodes: nodeView, edges: edgeView }, data.options);

  function paint() {
    const ink = colour("--ink"), ground = colour("--ground"), faint = colour("--faint"), soft = colour("--soft");
    const named = $("names").checked;
    nodes.update(data.nodes.map((node) => {
      const bright = !focus || focus.nodes.has(node.id);
      const background = node.shape === "box" ? ground : node.color.background, lit = { background, border: ink };
      return {
        id: node.id, opacity: bright ? 1 : 0.22, color: { background, border: node.color.border, highlight: lit, hover: lit },
        font: { color: bright ? ink : faint, strokeColor: ground },
      };
    }));
    edges.update(data.edges.map((edge) => {
      const bright = !focus || focus.edges.has(edge.id);
      return {
        id: edge.id, color: { ...edge.color, opacity: bright ? 1 : 0.13 },
        label: (focus ? bright && (named || focus.edges.size <= MANY) : named) ? label.get(edge.id) : " ",
        font: { color: bright ? soft : faint, strokeColor: ground },
      };
    }));
  }

  function fit() { // labels reach beyond what vis-network measures
    network.fit({ animation: false });
    network.moveTo({ scale: network.getScale() * 0.9 });
  }

  // --- filters -------------------------------------------------------------------------------------------------
  function readFilters() {
    on = { type: new Set(), relation: new Set(), status: new Set() };
    for (const box of boxes) if (box.checked) on[box.dataset.facet].add(box.value);
  }
  function filter() {
    readFilters();
    nodeView.refresh();
    edgeView.refresh();
    for (const row of rows) row.hidden = !edgeShown(edges.get(row.dataset.statement));
    const seen = nodeView.get({ filter: (node) => node.id in data.entities }).length;
    $("shown").textContent = `${seen} of ${Object.keys(data.entities).length} entities, `
      + `${edgeView.length} of ${data.edges.length} statements`;
  }
  for (const box of boxes) box.addEventListener("change", filter);
  for (const button of document.querySelectorAll("[data-set]")) {
    button.addEventListener("click", () => {
      for (const box of boxes) if (box.dataset.facet === button.dataset.set) box.checked = button.dataset.to === "1";
      filter();
    });
  }

  // --- the panel -----------------------------------------------------------------------------------------------
  function who(id) {
    return make("button", { type: "button", onclick: () => showEntity(id) }, make("bdi", {}, data.entities[id].name));
  }
  function sure(given) { // empty where nothing was estimated
    return given.confidence ? `${given.confidence} sure` : "";
  }
  function words(given) {
    return ["amount", "date", "round", "lead", "role", "period"].filter((key) => given[key]).map((key) => given[key]).join(" · ");
  }
  function link(source) {
    const text = make("bdi", {}, source.title);
    let address = null;
    try { address = new URL(source.url); } catch { return text; }
    if (address.protocol !== "https:" && address.protocol !== "http:") return text;
    return make("a", { href: address.href, rel: "noopener noreferrer", target: "_blank" }, text);
  }
  function quoted(evidence, statement) {
    const source = data.documents[evidence.document];
    const quote = make("blockquote", {}, ...evidence.quote.map(([text, name]) => (name ? make("mark", {}, text) : text)));
    const from = make("p", { class: "meta" });
    if (source.publisher) from.append(make("bdi", {}, source.publisher), ", ");
    if (source.date) from.append(source.date, ": ");
    from.append(link(source));
    const own = words(evidence), detail = make("p", { class: "meta" });
    if (evidence.status !== statement.status) detail.append(make("span", { class: "chip" }, evidence.status));
    if (sure(evidence) && evidence.confidence !== statement.confidence) detail.append(sure(evidence), " · ");
    if (own && own !== words(statement)) detail.append(own, " · ");
    detail.append("rule ", make("code", {}, evidence.rule));
    return [quote, from, detail];
  }
  function card(id) {
    const each = data.statements[id], relation = data.relations[each.relation];
    const heading = make("h3", {}, who(each.subject), ` ${relation} `);
    if (each.object !== null) heading.append(who(each.object));
    const said = [sure(each), words(each)].filter(Boolean).join(" · ");
    const meta = make("p", { class: "meta" }, make("span", { class: "chip" }, each.status), said);
    return make("article", { class: "card" }, heading, meta, ...each.evidence.flatMap((one) => quoted(one, each)));
  }
  function panel(title, parts, byKey) {
    $("panel-title").textContent = title;
    $("panel").replaceChildren(...parts);
    $("panel").parentElement.scrollTop = 0;
    if (byKey) $("panel-title").focus();
  }
  function showEntity(id, byKey) {
    const entity = data.entities[id], all = touching.get(id), open = all.filter((each) => edgeShown(edges.get(each)));
    focus = { nodes: new Set([id, ...open.flatMap((each) => ends.get(each))]), edges: new Set(open) };
    const parts = [make("p", { class: "meta" }, `${entity.type} · ${all.length} statement${all.length === 1 ? "" : "s"}`)];
    if (entity.aliases.length) parts.push(make("p", { class: "meta" }, "Also: ", make("bdi", {}, entity.aliases.join(", "))));
    parts.push(...open.map(card));
    if (open.length < all.length) parts.push(make("p", { class: "note" }, `${all.length - open.length} hidden by the filters.`));
    panel(entity.name, parts, byKey);
    if (nodeView.get(id)) network.selectNodes([id], false);
    paint();
  }
  function showStatement(id, byKey) {
    focus = { nodes: new Set(ends.get(id)), edges: new Set([id]) };
    panel(data.relations[data.statements[id].relation], [card(id)], byKey);
    if (edgeView.get(id)) network.setSelection({ nodes: [], edges: [id] }, { highlightEdges: false });
    paint();
  }
  const first = [$("panel-title").textContent, [...$("panel").childNodes]];
  function clear() {
    focus = null;
    network.unselectAll();
    panel(...first);
    paint();
  }
  network.on("click", (event) => {
    const node = event.nodes[0], edge = event.edges[0];
    if (node !== undefined && node in data.entities) showEntity(node);
    else if (node !== undefined) showStatement(touching.get(node)[0]);
    else if (edge !== undefined) showStatement(edge);
    else clear();
  });

  // --- search --------------------------------------------------------------------------------------------------
  const index = Object.entries(data.entities).map(([id, entity]) => ({ id, entity, names: [entity.name, ...entity.aliases] }));
  function find(text) {
    const asked = text.trim().toLocaleLowerCase("en");
    if (!asked) return [];
    const rank = (name) => { const at = name.toLocaleLowerCase("en").indexOf(asked); return at < 0 ? 9 : at === 0 ? 0 : 1; };
    return index.map((each) => ({ ...each, rank: Math.min(...each.names.map(rank)), by: each.names.find((name) => rank(name) < 9) }))
      .filter((each) => each.rank < 9)
      .sort((a, b) => a.rank - b.rank || a.entity.name.localeCompare(b.entity.name, "en")).slice(0, 10);
  }
  function go(id) {
    $("found").hidden = true;
    showEntity(id, true);
    if (nodeView.get(id)) network.focus(id, { scale: Math.max(network.getScale(), 0.9), animation: false });
  }
  $("search").addEventListener("input", () => {
    const hits = find($("search").value);
    const line = (hit) => make("li", {}, make("button", { type: "button", onclick: () => go(hit.id) },
      make("bdi", {}, hit.entity.name), make("small", {}, ` ${hit.entity.type}`, hit.by === hit.entity.name ? "" : ` · ${hit.by}`)));
    const none = $("search").value.trim() && !hits.length;
    $("found").replaceChildren(...(none ? [make("li", { class: "note" }, "Nothing found.")] : hits.map(line)));
    $("found").hidden = !hits.length && !none;
  });
  document.addEventListener("keydown", (event) => {
    const typing = event.target.matches("input[type=search]"), list = [...$("found").querySelectorAll("button")];
    const at = list.indexOf(document.activeElement);
    if (event.key === "Escape") { $("found").hidden = true; clear(); $("search").value = ""; }
    else if (event.key === "Enter" && typing && list.length) { event.preventDefault(); go(find($("search").value)[0].id); }
    else if ((event.key === "ArrowDown" || event.key === "ArrowUp") && (typing || at >= 0) && list.length) {
      event.preventDefault();
      const next = at + (event.key === "ArrowDown" ? 1 : -1);
      (next < 0 ? $("search") : list[Math.min(next, list.length - 1)]).focus();
    } else if (typing || event.ctrlKey || event.metaKey || event.altKey) return;
    else if (event.key === "/") { event.preventDefault(); $("search").focus(); $("search").select(); }
    else if (event.key === "0") fit();
  });
  document.addEventListener("click", (event) => { if (!event.target.closest(".search")) $("found").hidden = true; });

  // --- the table -----------------------------------------------------------------------------------------------
  const body = document.querySelector("tbody"), rows = [...body.rows];
  for (const row of rows) row.querySelector(".open").addEventListener("click", () => showStatement(row.dataset.statement, true));
  for (const button of document.querySelectorAll(".sort")) {
    button.addEventListener("click", () => {
      const head = button.parentElement, column = head.cellIndex, down = head.getAttribute("aria-sort") === "ascending";
      for (const other of head.parentElement.cells) other.setAttribute("aria-sort", "none");
      head.setAttribute("aria-sort", down ? "descending" : "ascending");
      const value = (row) => row.cells[column].dataset.number ?? row.cells[column].textContent;
      const order = (a, b) => value(a).localeCompare(value(b), "en", { numeric: true }) * (down ? -1 : 1);
      body.append(...rows.sort((a, b) => (value(a) === "") - (value(b) === "") || order(a, b))); // what is empty comes last
    });
  }

  // --- buttons, light and dark, start --------------------------------------------------------------------------
  $("fit").addEventListener("click", fit);
  $("reset").addEventListener("click", () => {
    for (const box of boxes) box.checked = box.hasAttribute("data-first");
    $("settle").checked = false;
    network.setOptions({ physics: { enabled: false } });
    nodes.update(data.nodes.map(({ id, x, y }) => ({ id, x, y })));
    clear();
    filter();
    fit();
  });
  $("settle-box").hidden = !data.settle;
  $("settle").addEventListener("change", () => network.setOptions({ physics: { enabled: $("settle").checked } }));
  $("names").checked = data.edges.length <= MANY;
  $("names").addEventListener("change", paint);
  dark.addEventListener("change", paint);
  $("graph").tabIndex = 0;
  paint();
  filter();
  fit();
})();
