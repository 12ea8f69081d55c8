package io.solebox.server.receipts;

import java.util.List;

/** What receipt an answer is to have. */
public sealed interface ReceiptWish {
  /** What is usual for who asks: the request says nothing of it. */
  record Unsaid() implements ReceiptWish {}

  /** None, whatever is usual. */
  record None() implements ReceiptWish {}

  /** A new one, by whichever path the answer is asked for. */
  record Asked() implements ReceiptWish {}

  /** The same, since who asks always has one, where there can be one. */
  record Usual() implements ReceiptWish {}

  /**
   * A new one.
   *
   * @param path by which the answer was asked for
   * @param asked whether the request asks for it: it is refused where answers have none, and what
   *     is only usual is left away there
   */
  record New(String path, boolean asked) implements ReceiptWish {}

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
      case Asked _ -> new New(path, true);
      case Usual _ -> new New(path, false);
      case Unsaid _, None _, New _, Again _ -> this;
    };
  }

  /**
   * @param usual what counts where the request says nothing
   */
  default ReceiptWish or(ReceiptWish usual) {
    return this instanceof Unsaid ? usual : this;
  }

  /** Whether an answer without one is not what was asked for. */
  default boolean insists() {
    return switch (this) {
      case Unsaid _, None _, Usual _ -> false;
      case New(_, boolean asked) -> asked;
      case Asked _, Again _ -> true;
    };
  }
}
