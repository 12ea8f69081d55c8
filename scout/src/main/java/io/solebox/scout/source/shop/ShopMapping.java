package io.solebox.scout.source.shop;

import io.solebox.scout.source.web.WebLinks;
import io.solebox.scout.toml.Mistake;
import io.solebox.scout.toml.TomlTable;
import io.solebox.scout.toml.TomlText;
import java.io.IOException;
import java.net.URI;
import java.nio.file.Path;
import java.util.EnumMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;

/**
 * What is where in the answers of a shop; a file of TOML of its own.
 *
 * @param url of the first page
 * @param items the list of things
 * @param next the address of the next page; empty where there is but one
 * @param currency of prices that do not say theirs; empty where they do
 * @param page the address of a thing, with {@code {key}} in it, where it says none itself
 */
public record ShopMapping(
    URI url,
    Pointer items,
    Optional<Pointer> next,
    Optional<String> currency,
    Optional<String> page,
    Map<Field, Pointer> fields) {
  /** What may be known of a thing. */
  public enum Field {
    KEY,
    TITLE,
    PRICE,
    CURRENCY,
    LINK,
    IMAGE,
    CONDITION,
    COUNTRY,
    /** False, 0 or {@code out...} where it is sold out. */
    STOCK,
    MPN;

    /** As the file calls it. */
    String written() {
      return name().toLowerCase(Locale.ROOT);
    }
  }

  /** What reading came to. */
  public sealed interface Reading {
    record Good(ShopMapping mapping) implements Reading {}

    record Bad(List<Mistake> mistakes) implements Reading {
      public Bad {
        mistakes = List.copyOf(mistakes);
      }
    }
  }

  private static final String POINTER = "a JSON pointer, as in /data/items";
  private static final URI NOWHERE = URI.create("http://localhost/");

  public ShopMapping {
    fields = Map.copyOf(fields);
  }

  /** Reads a file. */
  public static Reading read(Path file) {
    try {
      return of(TomlText.content(file));
    } catch (IOException e) {
      return new Reading.Bad(
          List.of(new Mistake(1, 1, "it cannot be read: " + e.getClass().getSimpleName())));
    }
  }

  /** Reads a text. */
  static Reading of(String toml) {
    TomlText text = TomlText.of(toml);
    if (!text.mistakes().isEmpty()) {
      return new Reading.Bad(text.mistakes());
    }
    TomlTable table = text.table();
    table.required("url");
    Optional<URI> url =
        table.value(
            "url",
            it -> it.startsWith("http") ? WebLinks.of(NOWHERE, it) : Optional.empty(),
            "an address that begins with https:// or http://");
    var mapping =
        new ShopMapping(
            url.orElse(NOWHERE),
            table.value("items", Pointer::of, POINTER).orElse(new Pointer("")),
            table.value("next", Pointer::of, POINTER),
            table.value("currency", ShopMapping::code, "the three letters of one, as in EUR"),
            table.value("page", ShopMapping::template, "an address with {key} in it"),
            fields(table));
    table.nothingElse();
    return text.mistakes().isEmpty() ? new Reading.Good(mapping) : new Reading.Bad(text.mistakes());
  }

  private static Map<Field, Pointer> fields(TomlTable table) {
    Map<Field, Pointer> fields = new EnumMap<>(Field.class);
    Optional<TomlTable> inside = table.table("fields");
    if (inside.isEmpty()) {
      table.wrong("", "there is no [fields], which says where key and title are");
      return fields;
    }
    for (Field field : Field.values()) {
      inside
          .get()
          .value(field.written(), Pointer::of, POINTER)
          .ifPresent(pointer -> fields.put(field, pointer));
    }
    inside.get().required("key");
    inside.get().required("title");
    inside.get().nothingElse();
    boolean priced = fields.containsKey(Field.PRICE);
    if (priced && !table.has("currency") && !fields.containsKey(Field.CURRENCY)) {
      table.wrong("", "there is a price, and neither 'currency' nor fields.currency");
    }
    if (!table.has("page") && !fields.containsKey(Field.LINK)) {
      table.wrong("", "neither 'page' nor fields.link says where a thing is shown");
    }
    return fields;
  }

  static Optional<String> code(String text) {
    String code = text.toUpperCase(Locale.ROOT);
    return code.matches("[A-Z]{3}") ? Optional.of(code) : Optional.empty();
  }

  private static Optional<String> template(String text) {
    boolean sound =
        text.startsWith("http")
            && text.contains("{key}")
            && WebLinks.of(NOWHERE, text.replace("{key}", "1")).isPresent();
    return sound ? Optional.of(text) : Optional.empty();
  }
}
