package io.solebox.server.answers;

import io.solebox.engine.chat.Prompt;
import io.solebox.engine.generation.ContextShift;
import io.solebox.engine.tokenizer.Tokenizer;
import io.solebox.server.models.Models;
import io.solebox.server.params.Fields;
import io.solebox.server.params.Params;
import java.util.Optional;
import java.util.OptionalInt;

/**
 * Whether an answer goes on when its context is full, as requests ask for it.
 *
 * @param keep first tokens of the prompt that stay, beside its begin token; empty for all of it
 * @param discard tokens that are dropped at a time; empty for half of what may be
 * @param keepParam the parameter that says what stays
 */
public record ShiftWish(boolean wanted, OptionalInt keep, OptionalInt discard, String keepParam) {
  /** How programs say that all of a prompt stays. */
  private static final int ALL = -1;

  /**
   * Reads {@code n_keep} and {@code n_discard}, as llama-server has them.
   *
   * @param wanted whether the context is to be shifted
   */
  public static ShiftWish read(Fields body, boolean wanted) {
    int discard = body.whole("n_discard").map(n -> n.atLeast(body.param("n_discard"), 0)).orElse(0);
    return new ShiftWish(
        wanted,
        keep(body, "n_keep", 0),
        discard == 0 ? OptionalInt.empty() : OptionalInt.of(discard),
        body.param("n_keep"));
  }

  /**
   * Reads {@code num_keep}, as Ollama has it.
   *
   * @param wanted whether the context is to be shifted
   * @param absent what stays where nothing is said of it
   */
  public static ShiftWish read(Fields options, boolean wanted, int absent) {
    return new ShiftWish(
        wanted, keep(options, "num_keep", absent), OptionalInt.empty(), options.param("num_keep"));
  }

  private static OptionalInt keep(Fields body, String name, int absent) {
    int keep = body.whole(name).map(n -> n.atLeast(body.param(name), ALL)).orElse(absent);
    return keep == ALL ? OptionalInt.empty() : OptionalInt.of(keep);
  }

  /**
   * The shift for a prompt.
   *
   * @param window tokens at which the context is full
   * @throws io.solebox.server.http.Problem 400 if nothing would be left to drop
   */
  public Optional<ContextShift> of(Models.Named named, Prompt prompt, int window) {
    if (!wanted || prompt.ids().length >= window) {
      return Optional.empty(); // a prompt that is too long is refused, with both counts
    }
    int kept = kept(prompt.ids().length, begins(named.model().tokenizer(), prompt));
    int most = window - kept - 1;
    if (most < 1) {
      throw Params.invalidValue(
          keepParam,
          "'%s' keeps %d of the context's %d tokens, which leaves none to drop."
              .formatted(keepParam, kept, window));
    }
    if (discard.isEmpty()) {
      return Optional.of(ContextShift.half(window, kept));
    }
    return Optional.of(new ContextShift(window, kept, Math.min(most, discard.getAsInt())));
  }

  /**
   * How many first tokens of a prompt stay.
   *
   * @param length of the prompt
   * @param begins whether it has a begin token
   */
  int kept(int length, boolean begins) {
    if (keep.isEmpty()) {
      return length;
    }
    return (int) Math.min(length, keep.getAsInt() + (begins ? 1L : 0L));
  }

  private static boolean begins(Tokenizer tokenizer, Prompt prompt) {
    OptionalInt bos = tokenizer.bos();
    return bos.isPresent() && prompt.ids().length > 0 && prompt.ids()[0] == bos.getAsInt();
  }
}
