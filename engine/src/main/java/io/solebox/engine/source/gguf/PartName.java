package io.solebox.engine.source.gguf;

import io.solebox.engine.error.ErrorCode;
import io.solebox.engine.error.SoleboxException;
import io.solebox.engine.source.FileStamp;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * The name of one file of a model that lies in several, cut between tensors: {@code
 * NAME-00002-of-00003.gguf} (ggml-org/llama.cpp: tools/gguf-split).
 *
 * @param model the name without number and ending
 * @param number of this part, from 1
 * @param count of all parts
 */
public record PartName(String model, int number, int count) {
  private static final String ENDING = ".gguf";

  private static final Pattern PATTERN =
      Pattern.compile("(.+)-(\\d{5})-of-(\\d{5})\\.gguf", Pattern.CASE_INSENSITIVE);

  /** What to call a file's model: without ending, and without the number of a part. */
  public static String modelOf(Path path) {
    String name = path.getFileName().toString();
    return of(path)
        .map(PartName::model)
        .orElseGet(
            () -> name.toLowerCase(Locale.ROOT).endsWith(ENDING) ? withoutEnding(name) : name);
  }

  private static String withoutEnding(String name) {
    return name.substring(0, name.length() - ENDING.length());
  }

  /** Empty for a file that is no part by its name. */
  public static Optional<PartName> of(Path path) {
    Matcher matcher = PATTERN.matcher(path.getFileName().toString());
    if (!matcher.matches()) {
      return Optional.empty();
    }
    int number = Integer.parseInt(matcher.group(2));
    int count = Integer.parseInt(matcher.group(3));
    return number >= 1 && number <= count
        ? Optional.of(new PartName(matcher.group(1), number, count))
        : Optional.empty();
  }

  /** The name of this part, as {@code gguf-split} writes it. */
  public String fileName() {
    return fileName(number);
  }

  private String fileName(int part) {
    return String.format(Locale.ROOT, "%s-%05d-of-%05d.gguf", model, part, count);
  }

  /**
   * The files of all parts, in order.
   *
   * @param given the path of this part
   * @throws SoleboxException {@code MODEL_NOT_FOUND} naming all parts that are missing
   */
  List<Path> locateAll(Path given) {
    List<Path> found = new ArrayList<>();
    List<String> missing = new ArrayList<>();
    Map<String, Path> siblings = siblings(given);
    for (int part = 1; part <= count; part++) {
      Path path = part == number ? given : siblings.get(fileName(part));
      if (path == null) {
        missing.add(fileName(part));
      } else {
        found.add(path);
      }
    }
    if (!missing.isEmpty()) {
      throw new SoleboxException(
          ErrorCode.MODEL_NOT_FOUND,
          given.toString(),
          "this is part %d of %d of a model, and beside it %s missing: %s"
              .formatted(
                  number,
                  count,
                  missing.size() == 1 ? "one is" : missing.size() + " are",
                  String.join(", ", missing.subList(0, Math.min(8, missing.size())))),
          "Put all parts into one folder, under the names that they were published under.");
    }
    return found;
  }

  /** By name, from a listing: a name that is no UTF-8 can be listed but not written down. */
  private static Map<String, Path> siblings(Path given) {
    Path parent = given.getParent();
    Path folder = parent == null ? Path.of("") : parent;
    try (Stream<Path> files = Files.list(folder)) {
      return files.collect(
          Collectors.toMap(f -> f.getFileName().toString(), f -> f, (first, _) -> first));
    } catch (IOException e) {
      throw FileStamp.unreadable(folder, e);
    }
  }
}
