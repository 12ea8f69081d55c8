package io.solebox.server.receipts;

import java.util.List;

/** What receipt an answer is to have. */
public sealed interface ReceiptWish {
  /** None. */
  record None() implements ReceiptWish {}

  /** A new one, by whichever path the answer is asked for. */
  record Asked() implements ReceiptWish {}

  /**
   * A new one.
   *
   * @param path by which the answer was asked for
   */
  record New(String path) implements ReceiptWish {}

  /**
   * One that can be held against another, of the same request.
   *
   * @param path by which that was asked for
   * @param salt of the other
   * @param seeds of its answers
   * @param prompts digests of its prompts: nothing is computed where another one comes out
   */
  record Again(String path, Salt salt, List<Long> seeds, List<String> prompts)
      implements ReceiptWish {
    public Again {
      seeds = List.copyOf(seeds);
      prompts = List.copyOf(prompts);
    }
  }

  /** The same where the path is known. */
  default ReceiptWish at(String path) {
    return switch (this) {
      case None none -> none;
      case Asked _, New _ -> new New(path);
      case Again again -> again;
    };
  }
}
