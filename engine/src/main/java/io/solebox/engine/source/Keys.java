package io.solebox.engine.source;

import io.solebox.engine.error.ErrorCode;
import io.solebox.engine.error.Printable;
import io.solebox.engine.error.SoleboxException;
import java.util.Arrays;
import java.util.HashSet;
import java.util.List;
import java.util.OptionalInt;
import java.util.Set;

/**
 * The keys of one namespace, as {@code llama} or {@code tokenizer.ggml}, with typed access by their
 * short names. It remembers which were asked for, so that what a file asks for and nobody computes
 * can be refused ({@link #requireAllRead}) instead of being passed over.
 *
 * <p>For one thread, while a model is opened.
 */
public final class Keys {
  private final Metadata metadata;
  private final String namespace;
  private final Set<String> read = new HashSet<>();

  public Keys(Metadata metadata, String namespace) {
    this.metadata = metadata;
    this.namespace = namespace;
  }

  private String key(String name) {
    String key = namespace + "." + name;
    read.add(key);
    return key;
  }

  /** File, offset and key, for errors. */
  public String place(String name) {
    return metadata.place(namespace + "." + name);
  }

  public boolean has(String name) {
    return metadata.has(key(name));
  }

  /** A token's id; converters write -1, or 2^32 - 1, for none. */
  public OptionalInt id(String name) {
    return metadata.find(key(name)).orElse(null)
                instanceof MetadataValue.Whole(ValueType _, long value)
            && value == (int) value
            && value >= 0
        ? OptionalInt.of((int) value)
        : OptionalInt.empty();
  }

  public String text(String name) {
    return metadata.string(key(name));
  }

  public String textOr(String name, String fallback) {
    return metadata.stringOr(key(name), fallback);
  }

  public boolean flagOr(String name, boolean fallback) {
    return metadata.boolOr(key(name), fallback);
  }

  /** A whole number from 0 on. */
  public int countOr(String name, int fallback) {
    int value = metadata.intOr(key(name), fallback);
    require(value >= 0, name, "must not be below 0, is " + value);
    return value;
  }

  /** As {@link #countOr}, where any number is a sound one: too large ones become the largest. */
  public int clampedOr(String name, int fallback) {
    return has(name) ? Math.max(0, metadata.clampedInt(key(name))) : fallback;
  }

  /** A whole number from 1 on. */
  public int positive(String name) {
    int value = metadata.intValue(key(name));
    require(value >= 1, name, "must be at least 1, is " + value);
    return value;
  }

  public int positiveOr(String name, int fallback) {
    return has(name) ? positive(name) : fallback;
  }

  /** A finite number. */
  public float number(String name) {
    float value = metadata.floatValue(key(name));
    require(Float.isFinite(value), name, "must be a finite number, is " + value);
    return value;
  }

  public float numberOr(String name, float fallback) {
    return has(name) ? number(name) : fallback;
  }

  /** Whether the key has a list, and not one value for all. */
  public boolean isList(String name) {
    return metadata.find(key(name)).orElse(null) instanceof MetadataValue.Array;
  }

  /**
   * A yes or no per layer, which files write as such or as 1 and 0.
   *
   * @return of length {@code layers}
   */
  public boolean[] flags(String name, int layers) {
    boolean[] flags = new boolean[layers];
    if (metadata.find(key(name)).orElse(null) instanceof MetadataValue.Bools(boolean[] values)) {
      require(values.length >= layers, name, "has %d values for %d layers", values.length, layers);
      return Arrays.copyOf(values, layers);
    }
    int[] numbers = perLayer(name, layers);
    for (int l = 0; l < layers; l++) {
      flags[l] = numbers[l] != 0;
    }
    return flags;
  }

  /**
   * A whole number per layer, from 0 on: files write one for all, or an array.
   *
   * @return of length {@code layers}
   */
  public int[] perLayer(String name, int layers) {
    int[] values = new int[layers];
    if (metadata.find(key(name)).orElse(null) instanceof MetadataValue.Array array) {
      require(array.size() >= layers, name, "has %d values for %d layers", array.size(), layers);
      values = Arrays.copyOf(metadata.ints(key(name)), layers);
    } else {
      Arrays.fill(values, metadata.intValue(key(name)));
    }
    int least = Arrays.stream(values).min().orElse(0);
    require(least >= 0, name, "must not be below 0, is " + least);
    return values;
  }

  /** As {@link #perLayer}, where every layer must have the same, from 1 on. */
  public int uniform(String name, int layers) {
    int[] values = perLayer(name, layers);
    for (int value : values) {
      refuseIf(value != values[0], name, "differs from layer to layer");
    }
    require(values[0] >= 1, name, "must be at least 1, is " + values[0]);
    return values[0];
  }

  public MetadataValue.Strings strings(String name) {
    return metadata.stringArray(key(name));
  }

  public int[] ints(String name) {
    return metadata.ints(key(name));
  }

  public float[] floats(String name) {
    return metadata.floats(key(name));
  }

  /** An error about the value of a key: the file is wrong. */
  public SoleboxException bad(String name, String message) {
    return metadata.bad(key(name), message);
  }

  private void require(boolean ok, String name, String message, Object... arguments) {
    if (!ok) {
      throw bad(name, message.formatted(arguments));
    }
  }

  /**
   * Refuses a sound file that asks for what this version cannot compute.
   *
   * @param why goes on after the key's name, as in {@code differs from layer to layer}
   * @throws SoleboxException {@code UNSUPPORTED_MODEL}
   */
  public void refuseIf(boolean unsupported, String name, String why) {
    refuseIf(
        unsupported,
        name,
        why + ", which this version cannot compute",
        "Update Solebox, or use another model.");
  }

  /** As {@link #refuseIf(boolean, String, String)}, where there is something better to do. */
  public void refuseIf(boolean unsupported, String name, String why, String remedy) {
    if (unsupported) {
      throw new SoleboxException(
          ErrorCode.UNSUPPORTED_MODEL,
          place(name),
          "The key " + namespace + "." + name + " " + why + ".",
          remedy);
    }
  }

  /**
   * Refuses keys of this namespace that nobody asked for and that are not {@link Harmless}.
   *
   * @throws SoleboxException {@code UNSUPPORTED_MODEL} naming all of them
   */
  public void requireAllRead() {
    List<String> unread =
        metadata.keys().stream()
            .filter(key -> key.startsWith(namespace + ".") && !read.contains(key))
            .filter(key -> !isHarmless(key))
            .toList();
    if (!unread.isEmpty()) {
      throw new SoleboxException(
          ErrorCode.UNSUPPORTED_MODEL,
          metadata.place(unread.getFirst()),
          "The file asks for what this version does not compute, by %s: %s. Without it the answers would be wrong."
              .formatted(unread.size() == 1 ? "this key" : "these keys", shown(unread)),
          "Update Solebox, or use a conversion of the same model that does without.");
    }
  }

  private boolean isHarmless(String key) {
    String name = key.substring(namespace.length() + 1);
    return Harmless.key(namespace, name, metadata.find(key).orElseThrow());
  }

  private String shown(List<String> keys) {
    int most = 8;
    List<String> first =
        keys.stream().limit(most).map(key -> Printable.name(key) + shown(key)).toList();
    return String.join(", ", first) + (keys.size() > most ? " and others" : "");
  }

  /** As in {@code = 0.5}; nothing for an array. */
  private String shown(String key) {
    return switch (metadata.find(key).orElseThrow()) {
      case MetadataValue.Whole whole -> " = " + whole.value();
      case MetadataValue.Real real -> " = " + (float) real.value();
      case MetadataValue.Bool bool -> " = " + bool.value();
      case MetadataValue.Text text -> " = " + Printable.name(text.value());
      case MetadataValue.Array _ -> "";
    };
  }
}
