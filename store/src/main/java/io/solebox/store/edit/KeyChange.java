package io.solebox.store.edit;

import io.solebox.engine.error.ErrorCode;
import io.solebox.engine.error.SoleboxException;
import io.solebox.engine.source.MetadataValue;
import io.solebox.engine.source.ValueType;
import java.util.Optional;

/**
 * A key and the text of its new value; without one it is taken out.
 *
 * @param key the whole name, as in {@code general.name}
 */
public record KeyChange(String key, Optional<String> value) {
  /**
   * The value as the file is to have it: of the kind that it had, else of the kind that it looks
   * like.
   *
   * @param old what the key had
   * @throws SoleboxException {@code INVALID_PARAMETER} for a text that is no such value, and for
   *     lists, which are not edited
   */
  MetadataValue read(Optional<MetadataValue> old) {
    String text = value.orElseThrow();
    return old.map(
            before ->
                switch (before) {
                  case MetadataValue.Text _ -> new MetadataValue.Text(text);
                  case MetadataValue.Bool _ -> flag(text);
                  case MetadataValue.Whole(ValueType type, long _) -> whole(type, text);
                  case MetadataValue.Real(ValueType type, double _) -> real(type, text);
                  case MetadataValue.Array _ ->
                      throw bad("has a list, and lists are not edited", "Convert the model again.");
                })
        .orElseGet(() -> guessed(text));
  }

  private static MetadataValue guessed(String text) {
    if (text.equals("true") || text.equals("false")) {
      return new MetadataValue.Bool(text.equals("true"));
    }
    if (text.matches("\\d{1,9}")) {
      return new MetadataValue.Whole(ValueType.U32, Long.parseLong(text));
    }
    if (text.matches("-?\\d+(\\.\\d+)?([eE][-+]?\\d+)?")) {
      return new MetadataValue.Real(ValueType.F32, Float.parseFloat(text));
    }
    return new MetadataValue.Text(text);
  }

  private MetadataValue flag(String text) {
    if (!text.equals("true") && !text.equals("false")) {
      throw bad("must be true or false, and not " + text, "Write " + key + "=true.");
    }
    return new MetadataValue.Bool(text.equals("true"));
  }

  private MetadataValue whole(ValueType type, String text) {
    try {
      long number = type == ValueType.U64 ? Long.parseUnsignedLong(text) : Long.parseLong(text);
      return new MetadataValue.Whole(type, number);
    } catch (IllegalArgumentException e) {
      throw bad(
          "must be a whole number of the type " + type + ", and not " + text,
          "Write a number that it holds.");
    }
  }

  private MetadataValue real(ValueType type, String text) {
    try {
      double number = Double.parseDouble(text);
      if (Double.isFinite(number)) {
        return new MetadataValue.Real(type, type == ValueType.F32 ? (float) number : number);
      }
    } catch (NumberFormatException e) {
      // said below
    }
    throw bad("must be a number, and not " + text, "Write a number.");
  }

  private SoleboxException bad(String message, String remedy) {
    return new SoleboxException(ErrorCode.INVALID_PARAMETER, "key " + key, message, remedy);
  }
}
