package io.solebox.backend.cpu;

import io.solebox.engine.backend.Limits;

/** What the rows of a buffer stand for. */
sealed interface Domain {
  Domain TOKENS = new Tokens();
  Domain REQUESTS = new Requests();
  Domain SLOTS = new Slots();
  Domain SUMS = new Sums();

  /** A row per token of the step. */
  record Tokens() implements Domain {}

  /** A row per row that the batch asks for. */
  record Requests() implements Domain {}

  /** A row per block of the KV pool of a group; kept from step to step. */
  record Blocks(int group) implements Domain {}

  /** A row per place for recurrent state; kept from step to step. */
  record Slots() implements Domain {}

  /** One row, which grows from step to step. */
  record Sums() implements Domain {}

  /** Whether it outlives a step. */
  default boolean isKept() {
    return switch (this) {
      case Tokens _, Requests _ -> false;
      case Blocks _, Slots _, Sums _ -> true;
    };
  }

  /** Rows in the largest step. */
  default int most(Limits limits, KeptRows kept) {
    return switch (this) {
      case Tokens _ -> limits.maxStepTokens();
      case Requests _ -> limits.maxRows();
      case Blocks(int group) -> kept.blocksOfGroup().get(group);
      case Slots _ -> kept.slots();
      case Sums _ -> 1;
    };
  }

  /** Rows in this step. */
  default int rows(Frame frame) {
    return switch (this) {
      case Tokens _ -> frame.tokens();
      case Requests _ -> frame.rows();
      case Blocks _, Slots _ ->
          throw new IllegalStateException("what is kept is found through a sequence");
      case Sums _ -> 1;
    };
  }
}
