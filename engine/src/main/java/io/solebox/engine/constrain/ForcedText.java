package io.solebox.engine.constrain;

import io.solebox.engine.constrain.match.CharacterKinds;
import io.solebox.engine.constrain.match.Machine;
import io.solebox.engine.constrain.match.MatchState;
import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;

/**
 * What a grammar leaves no choice about.
 *
 * @param last whether nothing can follow it
 */
record ForcedText(String text, boolean last) {
  /** Longer texts are taken in parts. */
  private static final int MAX_BYTES = 512;

  /** Below that a token hardly ever ends inside. */
  private static final int MIN_BYTES = 3;

  static ForcedText behind(Machine machine, MatchState start) {
    var bytes = new ByteArrayOutputStream();
    MatchState state = start;
    int whole = 0;
    int within = CharacterKinds.WHOLE;
    while (state.onlyByte().isPresent() && bytes.size() < MAX_BYTES) {
      int next = state.onlyByte().getAsInt();
      bytes.write(next);
      within = CharacterKinds.step(within, next);
      whole = within == CharacterKinds.WHOLE ? bytes.size() : whole;
      state = machine.next(state, next);
    }
    String text = new String(bytes.toByteArray(), 0, whole, StandardCharsets.UTF_8);
    return new ForcedText(text, state.isOver() && whole == bytes.size());
  }

  /**
   * Its tokens. The last one is left to the model, as it may take in what follows, except where
   * nothing does.
   */
  int[] ids(Vocabulary vocabulary) {
    if (text.length() < MIN_BYTES) {
      return new int[0];
    }
    int[] ids = vocabulary.encode(text).orElse(new int[0]);
    return last ? ids : Arrays.copyOf(ids, Math.max(0, ids.length - 1));
  }
}
