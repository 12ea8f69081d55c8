package io.solebox.app.update.file;

import io.solebox.engine.error.Printable;
import io.solebox.engine.json.JsonException;
import io.solebox.engine.json.JsonLimits;
import io.solebox.engine.json.JsonReader;
import io.solebox.engine.json.JsonWriter;
import io.solebox.store.blob.Digest;
import java.lang.module.ModuleDescriptor.Version;
import java.time.DateTimeException;
import java.time.Instant;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.regex.Pattern;

/**
 * What an update says of itself, and what is signed.
 *
 * @param version of the Solebox that it brings, ordered as Java orders versions of modules
 * @param architecture of the machines that it is for
 * @param made when
 * @param root the file system
 * @param kernel what starts it
 */
public record Manifest(
    Version version, Architecture architecture, Instant made, Part root, Part kernel) {
  private static final JsonReader READER =
      new JsonReader(new JsonLimits(UpdateFile.MOST_HEAD, 5, 1000, 100));

  private static final int FORMAT = 1;

  private static final Pattern VERSION = Pattern.compile("[0-9][0-9A-Za-z.+-]{0,63}");

  /** More than any disk, so that no sum of sizes is none. */
  private static final long MOST_BYTES = 1L << 50;

  /**
   * @param place for errors
   * @throws io.solebox.engine.error.SoleboxException {@code BAD_UPDATE} for what is none, or of a
   *     later format
   */
  public static Manifest read(byte[] utf8, String place) {
    try {
      Map<String, Object> fields = READER.readObject(utf8);
      if (!(fields.get("format") instanceof Number format) || format.doubleValue() != FORMAT) {
        throw BadUpdate.because(
            place,
            "it is of another format than %d, the one that is known here".formatted(FORMAT),
            "Install a version between this one and that one first.");
      }
      requireKnown(fields, Set.of("format", "version", "architecture", "made", "parts"), place);
      List<Part> parts = parts(fields, place);
      return new Manifest(
          version(text(fields, "version", place)),
          Architecture.of(text(fields, "architecture", place))
              .orElseThrow(() -> strange(place, "it is for processors that are not known here")),
          Instant.parse(text(fields, "made", place)),
          parts.getFirst(),
          parts.getLast());
    } catch (JsonException | IllegalArgumentException | DateTimeException e) {
      throw strange(place, Printable.text(String.valueOf(e.getMessage())));
    }
  }

  /** Names of files are made of it, so it has letters of which they may consist. */
  static Version version(String text) {
    if (!VERSION.matcher(text).matches()) {
      throw new IllegalArgumentException("its version is none");
    }
    return Version.parse(text);
  }

  private static List<Part> parts(Map<?, ?> fields, String place) {
    Part.Kind[] kinds = Part.Kind.values();
    if (!(fields.get("parts") instanceof List<?> all) || all.size() != kinds.length) {
      throw strange(place, "it has other parts than a root and a kernel");
    }
    List<Part> parts = new ArrayList<>();
    for (Part.Kind kind : kinds) {
      if (!(all.get(kind.ordinal()) instanceof Map<?, ?> part)
          || !kind.word().equals(part.get("name"))
          || !(part.get("bytes") instanceof Long bytes)
          || bytes < 1
          || bytes > MOST_BYTES) {
        throw strange(place, "its part '%s' is not said as it must be".formatted(kind.word()));
      }
      requireKnown(part, Set.of("name", "bytes", "digest"), place);
      Digest digest =
          Digest.parse(text(part, "digest", place))
              .orElseThrow(() -> strange(place, "a digest of it is none"));
      parts.add(new Part(kind, bytes, digest));
    }
    return parts;
  }

  private static String text(Map<?, ?> fields, String name, String place) {
    if (fields.get(name) instanceof String text) {
      return text;
    }
    throw strange(place, "'" + name + "' is no string");
  }

  /** What nobody would heed may be what matters. */
  private static void requireKnown(Map<?, ?> fields, Set<String> known, String place) {
    for (Object name : fields.keySet()) {
      if (!known.contains(name)) {
        throw strange(place, "it has '" + Printable.name((String) name) + "', which is not known");
      }
    }
  }

  private static RuntimeException strange(String place, String what) {
    return BadUpdate.because(
        place, "its manifest cannot be read: " + what, "Let it be made anew, by 'update make'.");
  }

  /** How a version stands to the one that runs. */
  public enum Order {
    OLDER,
    SAME,
    NEWER
  }

  /**
   * How it stands to the version that runs; newer than all that have none, as builds of sources do.
   */
  public Order orderTo(String running) {
    try {
      int order = version.compareTo(Version.parse(running));
      return order < 0 ? Order.OLDER : order == 0 ? Order.SAME : Order.NEWER;
    } catch (IllegalArgumentException e) {
      return Order.NEWER;
    }
  }

  /**
   * @param machine its processors; empty for those that there is no image for
   * @param place for errors
   * @throws io.solebox.engine.error.SoleboxException {@code BAD_UPDATE} if it is for others
   */
  public void requireFor(Optional<Architecture> machine, String place) {
    if (!machine.equals(Optional.of(architecture))) {
      throw BadUpdate.because(
          place,
          "it is for %s, and this machine is %s"
              .formatted(
                  architecture.word(), machine.map(Architecture::word).orElse("something else")),
          "Get the file for this machine's processor.");
    }
  }

  /** In the order of the file. */
  public List<Part> parts() {
    return List.of(root, kernel);
  }

  /** Without what stands before the parts. */
  long bytes() {
    return root.bytes() + kernel.bytes();
  }

  /** What {@link #read} reads. */
  public byte[] json() {
    return new JsonWriter().bytes(fields());
  }

  /** The same as values. */
  public Map<String, Object> fields() {
    Map<String, Object> fields = new LinkedHashMap<>();
    fields.put("format", FORMAT);
    fields.put("version", version.toString());
    fields.put("architecture", architecture.word());
    fields.put("made", made.toString());
    fields.put("parts", parts().stream().map(Manifest::fields).toList());
    return fields;
  }

  private static Map<String, Object> fields(Part part) {
    Map<String, Object> fields = new LinkedHashMap<>();
    fields.put("name", part.kind().word());
    fields.put("bytes", part.bytes());
    fields.put("digest", part.digest().toString());
    return fields;
  }
}
