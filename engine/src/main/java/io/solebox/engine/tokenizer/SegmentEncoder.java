package io.solebox.engine.tokenizer;

import java.util.List;

/** Encodes what one chat template renders. Immutable; safe for many threads. */
@FunctionalInterface
public interface SegmentEncoder {
  /** The ids of all segments as one text; no begin or end token is added. */
  int[] encode(List<Segment> segments);
}
