package io.solebox.schema;

import static io.solebox.schema.RandomSchemas.schema;

import io.solebox.schema.RandomSchemas.Made;
import java.time.LocalDate;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.UUID;

/** Schemas of values that hold no others. */
final class RandomScalars {
  /** Formats, each with values that have it. */
  private static final Map<String, List<String>> FORMATS =
      Map.ofEntries(
          Map.entry("date-time", List.of("2024-02-29T23:59:59Z", "1999-01-01T00:00:00.25Z")),
          Map.entry("time", List.of("12:30:00Z", "23:59:59.999Z")),
          Map.entry("duration", List.of("P1DT2H", "P3W", "PT5S")),
          Map.entry("email", List.of("a.b@example.com", "x_1@y.org")),
          Map.entry("hostname", List.of("example.com", "a-1.b")),
          Map.entry("ipv6", List.of("::1", "2001:db8::ff00:42:8329")),
          Map.entry("uri", List.of("https://a.b/c?d=e#f", "urn:isbn:123")),
          Map.entry("uri-reference", List.of("../a?b", "#x")),
          Map.entry("uri-template", List.of("/a/{b}", "x{?q,r}")),
          Map.entry("json-pointer", List.of("", "/a/0/b~1c")),
          Map.entry("relative-json-pointer", List.of("0#", "1/a")));

  private final Random random;

  RandomScalars(Random random) {
    this.random = random;
  }

  Made next() {
    return switch (random.nextInt(10)) {
      case 0 -> integer();
      case 1 -> number();
      case 2 -> between();
      case 3 -> text();
      case 4 -> patterned();
      case 5 -> formatted();
      case 6 -> enumerated();
      case 7 -> notMultiple();
      case 8 -> orNull();
      default -> new Made(schema("type", "boolean"), random::nextBoolean);
    };
  }

  Made integer() {
    long low = random.nextInt(4000) - 2000;
    long span = random.nextInt(3000);
    if (random.nextInt(3) == 0) {
      long step = 1 + random.nextInt(12);
      // The judge takes remainders in doubles, so that integers need a bound.
      long high = (low + 50) * step;
      return new Made(
          schema("type", "integer", "minimum", low * step, "maximum", high, "multipleOf", step),
          () -> (low + random.nextInt(50)) * step);
    }
    return new Made(
        schema("type", "integer", "minimum", low, "exclusiveMaximum", low + span + 1),
        () -> low + random.nextLong(span + 1));
  }

  private Made number() {
    double low = (random.nextInt(40_000) - 20_000) / 100.0;
    double high = low + 1 + random.nextInt(500) / 10.0;
    return new Made(
        schema("type", "number", "minimum", low, "maximum", high),
        () ->
            Math.max(
                low,
                Math.min(
                    high, Math.round((low + (high - low) * random.nextDouble()) * 1e4) / 1e4)));
  }

  private Made between() {
    long low = random.nextInt(2000) - 1000;
    return new Made(
        schema("type", "number", "exclusiveMinimum", low, "exclusiveMaximum", low + 2),
        () -> low + (1 + random.nextInt(199)) / 100.0);
  }

  private Made notMultiple() {
    long step = 2 + random.nextInt(5);
    return new Made(
        schema(
            "type", "integer", "minimum", 0L, "maximum", 1000L, "not", schema("multipleOf", step)),
        () -> random.nextInt(100) * step + 1 + random.nextInt((int) step - 1));
  }

  private Made orNull() {
    return new Made(
        schema("type", List.of("integer", "null"), "minimum", 0L, "maximum", 9L),
        () -> random.nextBoolean() ? null : random.nextLong(10));
  }

  private Made text() {
    int min = random.nextInt(5);
    int max = min + random.nextInt(20);
    return new Made(
        schema("type", "string", "minLength", (long) min, "maxLength", (long) max),
        () -> characters(min + random.nextInt(max - min + 1)));
  }

  private String characters(int count) {
    String all = "abcXYZ 019_-\"\\/\n\t{}[],:é漢😀\u0001";
    int[] codePoints = all.codePoints().toArray();
    StringBuilder text = new StringBuilder();
    for (int i = 0; i < count; i++) {
      text.appendCodePoint(codePoints[random.nextInt(codePoints.length)]);
    }
    return text.toString();
  }

  private Made patterned() {
    return random.nextBoolean()
        ? new Made(
            schema("type", "string", "pattern", "^[a-z]{2,5}-\\d+$", "maxLength", 12L),
            () -> "abcde".substring(0, 2 + random.nextInt(4)) + "-" + random.nextInt(99_999))
        : new Made(
            schema("type", "string", "pattern", "(foo|bar)+", "not", schema("const", "foo")),
            () -> characters(2) + "foobar" + characters(1));
  }

  private Made formatted() {
    return switch (random.nextInt(5)) {
      case 0 ->
          new Made(
              schema("type", "string", "format", "date"),
              () -> LocalDate.ofEpochDay(random.nextInt(40_000)).toString());
      case 1 ->
          new Made(
              schema("type", "string", "format", "ipv4"),
              () -> random.nextInt(256) + "." + random.nextInt(256) + ".0.1");
      case 2 ->
          new Made(
              schema("type", "string", "format", "uuid"),
              () -> new UUID(random.nextLong(), random.nextLong()).toString());
      default -> {
        List<String> names = FORMATS.keySet().stream().sorted().toList();
        String name = names.get(random.nextInt(names.size()));
        Map<String, Object> schema = schema("type", "string", "format", name);
        if (name.endsWith("time")) {
          schema.put("pattern", "Z$"); // the judge knows no offsets beyond 18 hours
        }
        yield new Made(
            schema, () -> FORMATS.get(name).get(random.nextInt(FORMATS.get(name).size())));
      }
    };
  }

  private Made enumerated() {
    List<Object> values =
        new ArrayList<>(Arrays.asList("red", "a\"b", "é", 7L, 2.5, true, null, List.of(1L, "x")));
    if (random.nextBoolean()) {
      Object value = random.nextBoolean() ? schema("k", List.of(1L, "x"), "l", schema()) : 5L;
      return new Made(schema("const", value), () -> value);
    }
    return new Made(schema("enum", values), () -> values.get(random.nextInt(values.size())));
  }
}
