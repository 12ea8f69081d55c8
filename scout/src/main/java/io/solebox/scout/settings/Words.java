package io.solebox.scout.settings;

import java.util.Locale;

/** How names of code are written in the file. */
public final class Words {
  private Words() {}

  /** As in {@code price-drop}. */
  public static String of(Enum<?> value) {
    return value.name().toLowerCase(Locale.ROOT).replace('_', '-');
  }
}
