/** Median, least and greatest of at least one number. */
export function spread(values) {
  const sorted = [...values].sort((a, b) => a - b);
  const middle = sorted.length >> 1;
  const median = sorted.length % 2 === 1 ? sorted[middle] : (sorted[middle - 1] + sorted[middle]) / 2;
  return { median, min: sorted[0], max: sorted[sorted.length - 1] };
}

/** The median of those values that are there, or null if none is. */
export function medianOf(values) {
  const known = values.filter((v) => v !== null && v !== undefined);
  return known.length === 0 ? null : spread(known).median;
}

/** How far apart the values are, as a share of the greatest. */
export function relativeRange({ min, max }) {
  return (max - min) / max;
}
