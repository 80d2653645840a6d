// Where the reader looks: `x`, `y` of the graph in the middle of the canvas, `k` pixels for a unit of the graph.

export const toScreen = (camera, size, x, y) => [(x - camera.x) * camera.k + size.width / 2, (y - camera.y) * camera.k + size.height / 2];
export const toGraph = (camera, size, x, y) => [(x - size.width / 2) / camera.k + camera.x, (y - size.height / 2) / camera.k + camera.y];

/** A camera that shows all of the points, with room for labels around. */
export function fitting(points, size, { margin = 70, closest = 1.4 } = {}) {
  if (!points.length) return { x: 0, y: 0, k: 1 };
  let [left, top, right, bottom] = [Infinity, Infinity, -Infinity, -Infinity];
  for (const [x, y] of points) {
    left = Math.min(left, x); right = Math.max(right, x);
    top = Math.min(top, y); bottom = Math.max(bottom, y);
  }
  const room = (length) => Math.max(length - 2 * Math.min(margin, length / 6), 40);
  const k = Math.min(room(size.width) / Math.max(right - left, 1), room(size.height) / Math.max(bottom - top, 1), closest);
  return { x: (left + right) / 2, y: (top + bottom) / 2, k };
}

/** The camera nearer to or farther from the graph, with one point of the canvas kept where it is. */
export function zoomed(camera, size, factor, x = size.width / 2, y = size.height / 2) {
  const [gx, gy] = toGraph(camera, size, x, y), k = Math.min(Math.max(camera.k * factor, 0.005), 12);
  return { x: gx - (x - size.width / 2) / k, y: gy - (y - size.height / 2) / k, k };
}

/** Nodes and lines grow a little as one comes nearer. */
export const scale = (camera) => Math.min(Math.max(Math.sqrt(camera.k) * 1.1, 0.28), 1.7);
