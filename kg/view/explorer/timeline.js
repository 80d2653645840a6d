// The time below the picture: a histogram of months, a range, and a player that moves it on.
import { button, colour, make } from "./dom.js";
import { monthName, months } from "./graph.js";

/** `set(from, to)` changes the range; null is open. Without dates there is nothing to see. */
export function timeline(graph, place, set) {
  const spans = graph.edges.map((edge) => months(edge.when)).filter(Boolean);
  if (!spans.length) { place.hidden = true; return { update() {}, stop() {} }; }
  const at = spans.map(([month]) => month).sort((a, b) => a - b);
  const first = at[Math.floor(at.length * 0.005)], last = at[Math.ceil((at.length - 1) * 0.998)], count = last - first + 1;
  const canvas = make("canvas", { class: "bars", "aria-hidden": "true" });
  const slider = (label) => make("input", { type: "range", min: first, max: last, step: 1, autocomplete: "off", "aria-label": label });
  const low = slider("Dated from"), high = slider("Dated until"), text = make("output", { class: "range" });
  const undated = make("input", { type: "checkbox", autocomplete: "off" });
  let timer = null, state = null;

  const change = () => {
    const from = Number(low.value), to = Number(high.value);
    set({ from: from <= first ? null : Math.min(from, to), to: to >= last ? null : Math.max(from, to), undated: undated.checked });
  };
  for (const element of [low, high, undated]) element.addEventListener("input", () => { stop(); change(); });

  function stop() {
    clearInterval(timer);
    timer = null;
    play.textContent = "Play";
    play.setAttribute("aria-pressed", "false");
  }
  const play = button("Play", () => {
    if (timer) { stop(); return; }
    play.textContent = "Pause";
    play.setAttribute("aria-pressed", "true");
    if (state.to === null || state.to >= last) set({ from: state.from, to: state.from ?? first, undated: state.undated });
    timer = setInterval(() => {
      const next = (state.to ?? last) + Math.max(1, Math.round(count / 60));
      set({ from: state.from, to: next >= last ? null : next, undated: state.undated });
      if (next >= last) stop();
    }, 350);
  }, { "aria-pressed": "false" });
  place.append(play, make("div", { class: "slide" }, canvas, low, high), text, make("label", {}, undated, " undated too"),
    button("All time", () => { stop(); set({ from: null, to: null, undated: true }); }));

  function bars(view) {
    const wide = canvas.clientWidth || 300, high_ = canvas.clientHeight || 36, ratio = window.devicePixelRatio || 1;
    const bins = new Array(Math.min(count, Math.floor(wide / 3))).fill(0), shown = [...bins];
    const bin = (month) => Math.min(Math.max(Math.floor(((month - first) / count) * bins.length), 0), bins.length - 1);
    for (const [month] of spans) bins[bin(month)] += 1;
    for (const edge of view.edges) {
      const span = months(edge.when);
      if (span) shown[bin(span[0])] += 1;
    }
    const most = Math.max(...bins, 1), ctx = canvas.getContext("2d");
    canvas.width = wide * ratio;
    canvas.height = high_ * ratio;
    ctx.scale(ratio, ratio);
    for (const [values, fill] of [[bins, colour("--line")], [shown, colour("--accent")]]) {
      ctx.fillStyle = fill;
      values.forEach((value, i) => {
        const tall = value ? Math.max(Math.sqrt(value / most) * high_, 1.5) : 0;
        ctx.fillRect((i / bins.length) * wide, high_ - tall, Math.max(wide / bins.length - 1, 1), tall);
      });
    }
  }

  return {
    stop,
    update(now, view) {
      state = now;
      low.value = now.from ?? first;
      high.value = now.to ?? last;
      for (const each of [low, high]) each.setAttribute("aria-valuetext", monthName(Number(each.value)));
      undated.checked = now.undated;
      text.textContent = `${monthName(now.from ?? first)} to ${monthName(now.to ?? last)}`;
      bars(view);
    },
  };
}
