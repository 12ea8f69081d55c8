package io.solebox.scout.item;

/** In which state a thing is, as its seller says. */
public enum Condition {
  NEW,
  /** Opened, or seller's or maker's refurbishment. */
  REFURBISHED,
  USED,
  /** For parts, or not working. */
  FOR_PARTS,
  /** Not said. */
  UNKNOWN
}
