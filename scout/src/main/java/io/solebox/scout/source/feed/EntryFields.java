package io.solebox.scout.source.feed;

import java.time.DateTimeException;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.time.ZonedDateTime;
import java.time.format.DateTimeFormatter;
import java.util.HashMap;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import javax.xml.stream.XMLStreamReader;

/** Gathers the fields of one entry, whatever the format calls them; the first of each counts. */
final class EntryFields {
  private enum Field {
    ID,
    TITLE,
    LINK,
    BODY,
    SUMMARY,
    PRICE,
    IMAGE,
    PUBLISHED,
    UPDATED
  }

  private static final Map<String, Field> NAMES =
      Map.ofEntries(
          Map.entry("guid", Field.ID),
          Map.entry("id", Field.ID),
          Map.entry("title", Field.TITLE),
          Map.entry("link", Field.LINK),
          Map.entry("encoded", Field.BODY),
          Map.entry("content", Field.BODY),
          Map.entry("description", Field.SUMMARY),
          Map.entry("summary", Field.SUMMARY),
          Map.entry("price", Field.PRICE),
          Map.entry("pubdate", Field.PUBLISHED),
          Map.entry("date", Field.PUBLISHED),
          Map.entry("published", Field.PUBLISHED),
          Map.entry("updated", Field.UPDATED));

  private static final String MEDIA = "http://search.yahoo.com/mrss/";

  private final Map<Field, String> fields = new HashMap<>();
  private final String about;
  private Optional<Field> open = Optional.empty();

  /** Of the entry at whose beginning the reader stands. */
  EntryFields(XMLStreamReader xml) {
    about = attribute(xml, "about"); // RSS 1.0 has the id there
  }

  /** A field begins. */
  void begin(XMLStreamReader xml) {
    open = Optional.empty();
    if (MEDIA.equals(xml.getNamespaceURI())) {
      image(attribute(xml, "url"), attribute(xml, "type"), attribute(xml, "medium"));
      return; // its titles and descriptions are of pictures
    }
    String name = xml.getLocalName().toLowerCase(Locale.ROOT);
    switch (name) {
      case "enclosure" -> image(attribute(xml, "url"), attribute(xml, "type"), "");
      case "link" -> {
        put(Field.LINK, alternate(xml));
        open = attribute(xml, "href").isEmpty() ? Optional.of(Field.LINK) : Optional.empty();
      }
      default -> open = Optional.ofNullable(NAMES.get(name));
    }
  }

  /** The field that was begun ends. */
  void end(String text) {
    open.ifPresent(field -> put(field, text));
  }

  private void image(String url, String type, String medium) {
    if (type.startsWith("image/") || medium.equals("image") || (type + medium).isEmpty()) {
      put(Field.IMAGE, url);
    }
  }

  private void put(Field field, String text) {
    if (!text.isBlank()) {
      fields.putIfAbsent(field, text.strip());
    }
  }

  /** Where a link of Atom leads, if to what the entry is about. */
  static String alternate(XMLStreamReader xml) {
    String rel = attribute(xml, "rel");
    return rel.isEmpty() || rel.equals("alternate") ? attribute(xml, "href").strip() : "";
  }

  private static String attribute(XMLStreamReader xml, String name) {
    for (int i = 0; i < xml.getAttributeCount(); i++) {
      if (xml.getAttributeLocalName(i).equals(name)) {
        return xml.getAttributeValue(i);
      }
    }
    return "";
  }

  FeedPage.Entry entry() {
    String link = of(Field.LINK);
    String id = of(Field.ID).isEmpty() ? about : of(Field.ID);
    return new FeedPage.Entry(
        id.isEmpty() ? link : id,
        of(Field.TITLE),
        link.isEmpty() && id.startsWith("http") ? id : link,
        of(Field.BODY).isEmpty() ? of(Field.SUMMARY) : of(Field.BODY),
        of(Field.PRICE),
        of(Field.IMAGE),
        date(of(Field.PUBLISHED)).or(() -> date(of(Field.UPDATED))));
  }

  private String of(Field field) {
    return fields.getOrDefault(field, "");
  }

  /** As of RFC 822 in RSS, as of ISO 8601 elsewhere. */
  private static Optional<Instant> date(String text) {
    try {
      return Optional.of(
          text.contains(",")
              ? ZonedDateTime.parse(text, DateTimeFormatter.RFC_1123_DATE_TIME).toInstant()
              : OffsetDateTime.parse(text).toInstant());
    } catch (DateTimeException e) {
      return Optional.empty();
    }
  }
}
