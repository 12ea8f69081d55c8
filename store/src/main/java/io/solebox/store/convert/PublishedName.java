package io.solebox.store.convert;

import java.util.ArrayList;
import java.util.EnumSet;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;
import java.util.regex.Pattern;
import java.util.stream.Collectors;

/**
 * What the name of a repository or folder says of a model, as llama.cpp's converter reads it
 * (ggml-org/llama.cpp: gguf-py/gguf/metadata.py, get_model_id_components).
 *
 * @param full the name without its organization
 */
record PublishedName(
    String full,
    Optional<String> organization,
    Optional<String> basename,
    Optional<String> finetune,
    Optional<String> version,
    Optional<String> sizeLabel) {
  private static final Pattern VERSION =
      Pattern.compile("(v|iter)?\\d+([.]\\d+)*", Pattern.CASE_INSENSITIVE);
  private static final Pattern FORMAT =
      Pattern.compile("i?q\\d(_\\w)*|b?fp?(16|32)", Pattern.CASE_INSENSITIVE);
  private static final Pattern SIZE =
      Pattern.compile(
          "(([A]|\\d+[x])?\\d+([._]\\d+)?[KMBT][\\d]?|small|mini|medium|large|x?xl)",
          Pattern.CASE_INSENSITIVE);
  private static final Pattern TUNED =
      Pattern.compile("chat|instruct|vision|lora", Pattern.CASE_INSENSITIVE);
  private static final Pattern NO_TITLE = Pattern.compile("v\\d+(\\.\\d+)*|\\d.*");

  private enum Kind {
    BASE,
    SIZE,
    TUNE,
    VERSION,
    FORMAT
  }

  /** A part of a name between hyphens. */
  private static final class Part {
    private String text;
    private final Set<Kind> kinds = EnumSet.noneOf(Kind.class);

    Part(String text) {
      this.text = text;
    }
  }

  /**
   * @param id as in {@code meta-llama/Llama-3.2-1B-Instruct}
   * @param parameters of the model, by which sizes are told from lengths of contexts
   */
  static PublishedName of(String id, long parameters) {
    if (id.contains(" ")) {
      return new PublishedName(
          id,
          Optional.empty(),
          Optional.empty(),
          Optional.empty(),
          Optional.empty(),
          Optional.empty());
    }
    int slash = id.indexOf('/');
    Optional<String> organization =
        slash > 0 && id.charAt(0) != '.' ? Optional.of(id.substring(0, slash)) : Optional.empty();
    String full = id.substring(slash + 1);
    List<Part> parts = new ArrayList<>();
    for (String text : full.split("-")) {
      if (!text.isEmpty()) {
        parts.add(new Part(text));
      }
    }
    for (int i = 0; i < parts.size(); i++) {
      annotate(parts.get(i), i > 0, parameters);
    }
    dropWordsBesideNumbers(parts);
    findBase(parts);
    Optional<String> size = joined(parts, Kind.SIZE);
    Optional<String> tune = joined(parts, Kind.TUNE);
    Optional<String> version =
        joined(
            parts.stream().filter(part -> !part.kinds.contains(Kind.BASE)).toList(), Kind.VERSION);
    boolean clear = size.isPresent() || tune.isPresent() || version.isPresent();
    return new PublishedName(
        full,
        organization,
        clear ? joined(parts, Kind.BASE) : Optional.empty(),
        tune,
        version,
        size);
  }

  private static void annotate(Part part, boolean further, long parameters) {
    if (VERSION.matcher(part.text).matches()) {
      part.kinds.add(Kind.VERSION);
    } else if (FORMAT.matcher(part.text).matches()) {
      part.kinds.add(Kind.FORMAT);
      part.text = part.text.toUpperCase(Locale.ROOT);
    } else if (further && SIZE.matcher(part.text).matches()) {
      size(part, parameters);
    } else if (further && TUNED.matcher(part.text).matches()) {
      part.kinds.add(Kind.TUNE);
    }
  }

  private static void size(Part part, long parameters) {
    String text = part.text.replace('_', '.');
    int last = text.length() - 1;
    if (Character.isDigit(text.charAt(last))) { // as in 7b1
      text = text.substring(0, last - 1) + "." + text.charAt(last) + text.charAt(last - 1);
    }
    last = text.length() - 1;
    boolean numbered = last > 0 && Character.isDigit(text.charAt(last - 1));
    if (numbered && "kmbt".indexOf(text.charAt(last)) >= 0) {
      text = text.substring(0, last) + Character.toUpperCase(text.charAt(last));
    }
    part.kinds.add(Kind.SIZE);
    if (numbered && parameters > 0 && !isNear(text, parameters)) {
      part.kinds.clear();
      part.kinds.add(Kind.TUNE); // a length of contexts
      text = text.substring(0, last) + Character.toLowerCase(text.charAt(last));
    }
    part.text = text;
  }

  private static boolean isNear(String label, long parameters) {
    int last = label.length() - 1;
    try {
      double count =
          Double.parseDouble(label.substring(0, last))
              * Math.pow(1000, " KMBT".indexOf(label.charAt(last)));
      return Math.abs(count - parameters) <= Math.floorDiv(7 * parameters, 8);
    } catch (NumberFormatException e) {
      return true; // as in 8x7B
    }
  }

  private static void dropWordsBesideNumbers(List<Part> parts) {
    boolean numbers =
        parts.stream()
            .filter(part -> part.kinds.contains(Kind.SIZE))
            .anyMatch(part -> part.text.chars().anyMatch(Character::isDigit));
    for (Part part : parts) {
      if (numbers && part.text.chars().allMatch(Character::isLetter)) {
        part.kinds.remove(Kind.SIZE);
      }
    }
  }

  private static void findBase(List<Part> parts) {
    boolean start = true;
    for (Part part : parts) {
      boolean word = part.kinds.isEmpty() && Character.isLetter(part.text.charAt(0));
      if (start && (word || part.kinds.contains(Kind.VERSION))) {
        part.kinds.add(Kind.BASE);
      } else {
        start = false;
        if (part.kinds.isEmpty()) {
          part.kinds.add(Kind.TUNE);
        }
      }
    }
    for (Part part : parts.reversed()) { // versions at the end are none of the base
      if (!part.kinds.contains(Kind.BASE) || part.kinds.size() < 2) {
        break;
      }
      part.kinds.remove(Kind.BASE);
    }
  }

  private static Optional<String> joined(List<Part> parts, Kind kind) {
    Set<String> texts =
        parts.stream()
            .filter(part -> part.kinds.contains(kind))
            .map(part -> part.text)
            .collect(Collectors.toCollection(LinkedHashSet::new));
    return texts.isEmpty() ? Optional.empty() : Optional.of(String.join("-", texts));
  }

  /** A name for people: words in capitals, save versions and what has its own. */
  static String title(String name) {
    List<String> words = new ArrayList<>();
    for (String word : name.strip().replace('-', ' ').split("\\s+")) {
      boolean lower =
          word.chars().noneMatch(Character::isUpperCase)
              && word.chars().anyMatch(Character::isLowerCase);
      words.add(lower && !NO_TITLE.matcher(word).matches() ? capitals(word) : word);
    }
    return String.join(" ", words);
  }

  private static String capitals(String word) {
    var out = new StringBuilder(word);
    for (int i = 0; i < out.length(); i++) {
      if (i == 0 || !Character.isLetter(out.charAt(i - 1))) {
        out.setCharAt(i, Character.toTitleCase(out.charAt(i)));
      }
    }
    return out.toString();
  }
}
