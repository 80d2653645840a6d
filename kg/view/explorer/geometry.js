// Lines and shapes, in pixels: as lists of points, so that the canvas and the SVG file draw the same.

const LOOP = 26; // radius of an edge from a node to itself

/** A bent line from one node to another, ended at their borders: start, control point, end, and its middle. */
export function line(a, b, bend, startRadius, endRadius) {
  const dx = b[0] - a[0], dy = b[1] - a[1], length = Math.hypot(dx, dy) || 1;
  const control = [(a[0] + b[0]) / 2 - dy * bend, (a[1] + b[1]) / 2 + dx * bend];
  const start = toward(a, control, Math.min(startRadius, length / 2.5)), end = toward(b, control, Math.min(endRadius, length / 2.5));
  return { start, control, end, middle: at({ start, control, end }, 0.5), straight: bend === 0 };
}

/** A point of a line: `t` is 0 at its start, 1 at its end. */
export const at = ({ start, control, end }, t) => [0, 1].map((i) => (1 - t) ** 2 * start[i] + 2 * t * (1 - t) * control[i] + t * t * end[i]);

function toward(from, to, distance) {
  const dx = to[0] - from[0], dy = to[1] - from[1], length = Math.hypot(dx, dy) || 1;
  return [from[0] + (dx / length) * distance, from[1] + (dy / length) * distance];
}

/** An edge from a node to itself. */
export function loop(a, radius) {
  const start = [a[0] - radius * 0.6, a[1] - radius * 0.8], end = [a[0] + radius * 0.6, a[1] - radius * 0.8];
  const control = [a[0], a[1] - radius - LOOP * 2];
  return { start, control, end, middle: at({ start, control, end }, 0.5), straight: false };
}

/** The three corners of an arrow head whose tip is the end of a line. */
export function arrow({ control, end }, width) {
  const dx = end[0] - control[0], dy = end[1] - control[1], length = Math.hypot(dx, dy) || 1, size = 5 + width * 1.7;
  const [ux, uy] = [dx / length, dy / length], back = [end[0] - ux * size, end[1] - uy * size];
  return [end, [back[0] - uy * size * 0.45, back[1] + ux * size * 0.45], [back[0] + uy * size * 0.45, back[1] - ux * size * 0.45]];
}

/** How far a point is from a line. */
export function distance(way, x, y) {
  let least = Infinity;
  for (let step = 0; step < 16; step += 1) {
    const [ax, ay] = at(way, step / 16), [bx, by] = at(way, (step + 1) / 16);
    const dx = bx - ax, dy = by - ay, t = Math.min(Math.max(((x - ax) * dx + (y - ay) * dy) / (dx * dx + dy * dy || 1), 0), 1);
    least = Math.min(least, Math.hypot(x - ax - t * dx, y - ay - t * dy));
  }
  return least;
}

const ring = (count, radius, turn = 0) => Array.from({ length: count }, (_, i) => {
  const angle = turn + (i / count) * 2 * Math.PI, r = Array.isArray(radius) ? radius[i % radius.length] : radius;
  return [Math.sin(angle) * r, -Math.cos(angle) * r];
});

/** The corners of a shape around its middle; none for a dot, which is a circle. */
export function corners(shape, radius) {
  if (shape === "square" || shape === "box") return ring(4, radius * 1.25, Math.PI / 4);
  if (shape === "diamond") return ring(4, radius * 1.25);
  if (shape === "triangle") return ring(3, radius * 1.25);
  if (shape === "triangleDown") return ring(3, radius * 1.25, Math.PI);
  if (shape === "hexagon") return ring(6, radius * 1.1, Math.PI / 6);
  if (shape === "star") return ring(10, [radius * 1.35, radius * 0.6]);
  return [];
}
