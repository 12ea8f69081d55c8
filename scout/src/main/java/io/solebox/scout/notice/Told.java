package io.solebox.scout.notice;

import java.time.Instant;

/** Something that is told to people, once to each channel. */
public sealed interface Told permits Notice, Word {
  /** The same for the same news: by it a channel may tell that it has had this before. */
  String key();

  /** When it happened. */
  Instant at();
}
