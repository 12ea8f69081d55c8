package io.solebox.planner.report;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * What plans say, with keys that stay, so that it can be said in other languages too ({@code
 * texts.tsv}). A text that has no key is a name, a figure, or a source, and the same in all.
 */
public final class Texts {
  private static final Pattern PLACE = Pattern.compile("\\{(\\d)\\}");
  private static final Pattern BETWEEN_SENTENCES = Pattern.compile("(?<=\\.) (?=[A-Z])");

  private final List<Template> templates;
  private final Map<String, String> english = new LinkedHashMap<>();

  /** A text with places, of which those that stand for themselves have most letters. */
  private record Template(String key, Pattern pattern, int letters) {}

  /**
   * A part of a text: a sentence of several, or all of it.
   *
   * @param english as it was said
   * @param key empty where it has none
   * @param values of its places, in their order
   */
  public record Part(String english, Optional<String> key, List<List<Part>> values) {
    public Part {
      values = List.copyOf(values);
    }

    /** For programs. */
    Map<String, Object> fields() {
      Map<String, Object> fields = new LinkedHashMap<>();
      fields.put("text", english);
      key.ifPresent(
          known -> {
            fields.put("key", known);
            fields.put(
                "values", values.stream().map(v -> v.stream().map(Part::fields).toList()).toList());
          });
      return fields;
    }
  }

  /** Those of this version. */
  public Texts() {
    for (String line : lines()) {
      String[] both = line.split("\t", 2);
      english.put(both[0], both[1]);
    }
    templates =
        english.entrySet().stream()
            .map(each -> template(each.getKey(), each.getValue()))
            .sorted(Comparator.comparingInt(Template::letters).reversed())
            .toList();
  }

  private static List<String> lines() {
    try (InputStream in = Texts.class.getResourceAsStream("texts.tsv")) {
      return new String(in.readAllBytes(), StandardCharsets.UTF_8)
          .lines()
          .filter(line -> !line.startsWith("#"))
          .toList();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private static Template template(String key, String text) {
    var pattern = new StringBuilder();
    Matcher places = PLACE.matcher(text);
    int from = 0;
    int letters = 0;
    while (places.find()) {
      pattern.append(Pattern.quote(text.substring(from, places.start()))).append("(.+?)");
      letters += places.start() - from;
      from = places.end();
    }
    pattern.append(Pattern.quote(text.substring(from)));
    return new Template(key, Pattern.compile(pattern.toString()), letters + text.length() - from);
  }

  /** All texts in English, by their keys. */
  public Map<String, String> english() {
    return Map.copyOf(english);
  }

  /** The parts of a text, with spaces between them. */
  public List<Part> parts(String text) {
    List<String> sentences = BETWEEN_SENTENCES.splitAsStream(text).toList();
    List<Part> each =
        sentences.stream()
            .map(
                sentence ->
                    known(sentence)
                        .orElseGet(() -> new Part(sentence, Optional.empty(), List.of())))
            .toList();
    boolean isWhole = each.stream().allMatch(part -> part.key().isPresent());
    return isWhole ? each : known(text).map(List::of).orElse(each);
  }

  private Optional<Part> known(String text) {
    for (Template template : templates) {
      Matcher matcher = template.pattern().matcher(text);
      if (matcher.matches()) {
        List<List<Part>> values = new ArrayList<>();
        for (int i = 1; i <= matcher.groupCount(); i++) {
          values.add(parts(matcher.group(i)));
        }
        return Optional.of(new Part(text, Optional.of(template.key()), values));
      }
    }
    return Optional.empty();
  }

  /** For programs: the parts of each text of some sections that has a key in it, by the text. */
  public Map<String, Object> of(List<Section> sections) {
    Map<String, Object> all = new LinkedHashMap<>();
    for (Section section : sections) {
      put(section.title(), all);
      section.sentences().forEach(sentence -> put(sentence, all));
      for (Section.Line line : section.lines()) {
        put(line.label(), all);
        put(line.value(), all);
        put(line.reason(), all);
      }
    }
    return all;
  }

  private void put(String text, Map<String, Object> all) {
    List<Part> parts = parts(text);
    if (parts.stream().anyMatch(part -> part.key().isPresent())) {
      all.put(text, parts.stream().map(Part::fields).toList());
    }
  }
}
