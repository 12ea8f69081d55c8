package io.solebox.store.pull.source;

import io.solebox.store.blob.Digest;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.regex.Pattern;

/**
 * What a source wants to be accepted before somebody uses its model: the terms of a gated
 * repository, or texts that a registry gives along and that are no open licence.
 *
 * @param name by which people know it
 * @param place where it can be read
 * @param text of it, as far as the source gives it; the same text need not be accepted twice
 */
public record Terms(String name, String place, String text) {
  private static final int START = 600;

  /**
   * How open licences begin, their titles in lower case: whoever takes a model under one of these
   * is asked nothing.
   */
  private static final Set<Pattern> OPEN =
      Set.of(
          Pattern.compile("^\\W*apache license\\s+version 2\\.0"),
          Pattern.compile("^\\W*(the )?mit license"),
          Pattern.compile(
              "^\\W*(copyright [^\n]*\n\\s*)*permission is hereby granted, free of charge"),
          Pattern.compile("^\\W*bsd \\d-clause"),
          Pattern.compile("^\\W*gnu (affero |lesser )?general public license"),
          Pattern.compile("^\\W*mozilla public license"),
          Pattern.compile("^\\W*(creative commons )?cc0 1\\.0"));

  /** Whether a text is that of a licence that asks nothing of who uses a model. */
  static boolean isOpen(String text) {
    String start =
        text.substring(0, Math.min(START, text.length())).strip().toLowerCase(Locale.ROOT);
    return OPEN.stream().anyMatch(open -> open.matcher(start).find());
  }

  static Terms of(String name, String place, List<String> texts) {
    return new Terms(name, place, String.join("\n\n", texts));
  }

  /** By which it is known that it was accepted: of name and text, wherever they come from. */
  public Digest digest() {
    return Digest.of((name + "\n" + text).getBytes(StandardCharsets.UTF_8));
  }
}
