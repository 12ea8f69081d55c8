package io.solebox.store.layout;

import io.solebox.store.blob.Digest;
import java.util.Collections;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.regex.Pattern;

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

  /** Steps of names that lead nowhere else and that every terminal shows as they are. */
  private static final Pattern SAFE_TITLE =
      Pattern.compile("(?:(?!\\.{1,2}(?:/|$))[^/\\\\\\p{Cntrl}:]{1,255}(?:/|$))+(?<!/)");

  private static final int MOST_CHARACTERS = 1000;

  public Descriptor {
    if (size < 0) {
      throw new IllegalArgumentException("a size of " + size + " bytes");
    }
    annotations = sorted(annotations);
    String title = annotations.getOrDefault(TITLE, "model.gguf");
    if (title.length() > MOST_CHARACTERS || !SAFE_TITLE.matcher(title).matches()) {
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

  static Map<String, String> sorted(Map<String, String> annotations) {
    return Collections.unmodifiableMap(new TreeMap<>(annotations));
  }
}
