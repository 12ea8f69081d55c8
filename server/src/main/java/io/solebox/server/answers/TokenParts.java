package io.solebox.server.answers;

import io.solebox.engine.tokenizer.Tokenizer;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;

/** What answers tell of tokens beside their ids, of JSON's types. */
public record TokenParts(Tokenizer tokenizer) {
  /** Stands for a probability of zero, as at OpenAI; JSON has no infinity. */
  private static final double NEVER = -9999;

  /** Of a token that is a part of a character, something that stands for it. */
  public String text(int id) {
    return new String(tokenizer.tokenBytes(id), StandardCharsets.UTF_8);
  }

  /** Numbers of 0 to 255. */
  public List<Object> bytes(int id) {
    List<Object> bytes = new ArrayList<>();
    for (byte b : tokenizer.tokenBytes(id)) {
      bytes.add((long) Byte.toUnsignedInt(b));
    }
    return bytes;
  }

  /** A logarithm that JSON can write. */
  public static double finite(float logprob) {
    return Math.max(NEVER, logprob);
  }
}
