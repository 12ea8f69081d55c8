package io.solebox.store.layout;

import io.solebox.store.blob.Digest;
import java.util.Collections;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;

/**
 * A blob as a manifest names it.
 *
 * @param mediaType what it is, as in {@link MediaTypes}
 * @param size in bytes
 * @param annotations in the order of their names
 */
public record Descriptor(
    String mediaType, Digest digest, long size, Map<String, String> annotations) {
  /** The name of a file, with folders above it where they matter. */
  public static final String TITLE = "org.opencontainers.image.title";

  private static final int MOST_CHARACTERS = 1000;
  private static final int MOST_OF_STEP = 255;

  public Descriptor {
    if (size < 0) {
      throw new IllegalArgumentException("a size of " + size + " bytes");
    }
    annotations = sorted(annotations);
    String title = annotations.get(TITLE);
    if (title != null && !isTitle(title)) {
      throw new IllegalArgumentException("no name of a file: " + title);
    }
  }

  public Descriptor(String mediaType, Digest digest, long size) {
    this(mediaType, digest, size, Map.of());
  }

  public static Descriptor titled(String mediaType, Digest digest, long size, String title) {
    return new Descriptor(mediaType, digest, size, Map.of(TITLE, title));
  }

  public Optional<String> title() {
    return Optional.ofNullable(annotations.get(TITLE));
  }

  /** Whether a name has steps that lead nowhere else and that every terminal shows as they are. */
  public static boolean isTitle(String title) {
    boolean safe = title.length() <= MOST_CHARACTERS;
    for (int from = 0; safe && from <= title.length(); ) {
      int slash = title.indexOf('/', from);
      int to = slash < 0 ? title.length() : slash;
      safe = isSafeStep(title.substring(from, to));
      from = to + 1;
    }
    return safe;
  }

  private static boolean isSafeStep(String step) {
    boolean safe =
        !step.isEmpty() && step.length() <= MOST_OF_STEP && !step.equals(".") && !step.equals("..");
    for (int i = 0; safe && i < step.length(); i++) {
      char c = step.charAt(i);
      safe = c != '\\' && c != ':' && !Character.isISOControl(c);
    }
    return safe;
  }

  static Map<String, String> sorted(Map<String, String> annotations) {
    return Collections.unmodifiableMap(new TreeMap<>(annotations));
  }
}
