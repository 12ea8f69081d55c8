package io.solebox.scout.source.feed;

import io.solebox.scout.source.web.PlainText;
import java.io.StringReader;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;
import java.util.regex.Pattern;
import javax.xml.stream.XMLInputFactory;
import javax.xml.stream.XMLStreamConstants;
import javax.xml.stream.XMLStreamException;
import javax.xml.stream.XMLStreamReader;

/**
 * Reads RSS 2.0, RSS 1.0 and Atom (RFC 4287), and what lies between them. Declarations of documents
 * are passed over, so that none can name a file, an address, or an entity that grows. What was read
 * before a fault counts.
 */
final class FeedReader {
  static final int MOST_ENTRIES = 1000;
  static final int MOST_DEPTH = 64;

  /** Of one field; the rest of it is left out. */
  private static final int MOST_TEXT = 64 << 10;

  private static final Pattern HOUR = Pattern.compile("([01]?\\d|2[0-4])");
  private static final Pattern MINUTES = Pattern.compile("\\d{1,5}");

  /** Not of XML 1.0, and found in feeds all the same. */
  private static final Pattern CONTROLS =
      Pattern.compile("[\\x00-\\x08\\x0b\\x0c\\x0e-\\x1f\\ufffe\\uffff]");

  private final XMLStreamReader xml;
  private final List<FeedPage.Entry> entries = new ArrayList<>();
  private final List<String> faults = new ArrayList<>();
  private final Set<Integer> skipHours = new LinkedHashSet<>();
  private Optional<Duration> rest = Optional.empty();
  private Optional<String> link = Optional.empty();

  private FeedReader(XMLStreamReader xml) {
    this.xml = xml;
  }

  /** Reads a document as far as it is one. */
  static FeedPage read(String document) {
    try {
      String sound = CONTROLS.matcher(document.stripLeading()).replaceAll(" ");
      var reader = new FeedReader(factory().createXMLStreamReader(new StringReader(sound)));
      reader.readAll();
      return reader.page();
    } catch (XMLStreamException e) {
      return new FeedPage(
          List.of(), Optional.empty(), Optional.empty(), Set.of(), List.of("It is no XML."));
    }
  }

  private static XMLInputFactory factory() {
    XMLInputFactory factory = XMLInputFactory.newDefaultFactory();
    factory.setProperty(XMLInputFactory.SUPPORT_DTD, false);
    factory.setProperty(XMLInputFactory.IS_SUPPORTING_EXTERNAL_ENTITIES, false);
    factory.setProperty(XMLInputFactory.IS_REPLACING_ENTITY_REFERENCES, false);
    factory.setXMLResolver(
        (_, _, _, _) -> {
          throw new XMLStreamException("nothing is fetched for a document");
        });
    return factory;
  }

  private FeedPage page() {
    return new FeedPage(entries, link, rest, skipHours, faults);
  }

  private void readAll() {
    boolean isFeed = false;
    try {
      int depth = 0;
      while (xml.hasNext()) {
        int event = xml.next();
        if (event == XMLStreamConstants.START_ELEMENT) {
          isFeed |= isRoot(depth);
          if (!readElement(depth)) {
            depth = deeper(depth);
          }
        } else if (event == XMLStreamConstants.END_ELEMENT) {
          depth--;
        }
      }
    } catch (XMLStreamException e) {
      faults.add(
          "It breaks off in line %d: what stands there is no XML."
              .formatted(e.getLocation() == null ? 1 : e.getLocation().getLineNumber()));
    }
    if (!isFeed) {
      faults.add("It is no feed: neither RSS nor Atom.");
    }
  }

  private boolean isRoot(int depth) {
    return depth == 0 && List.of("rss", "rdf", "feed").contains(name());
  }

  private static int deeper(int depth) throws XMLStreamException {
    if (depth >= MOST_DEPTH) {
      throw new XMLStreamException("too deep");
    }
    return depth + 1;
  }

  private String name() {
    return xml.getLocalName().toLowerCase(Locale.ROOT);
  }

  /** Reads what is one as a whole; returns whether it was. */
  private boolean readElement(int depth) throws XMLStreamException {
    switch (name()) {
      case "item", "entry" -> entry();
      case "ttl" -> minutes(text());
      case "hour" -> hour(text().strip());
      case "link" -> {
        if (depth > 2 || link.isPresent()) {
          return false;
        }
        String alternate = EntryFields.alternate(xml);
        String text = text().strip();
        link = Optional.of(text.isEmpty() ? alternate : text).filter(it -> !it.isEmpty());
      }
      default -> {
        return false;
      }
    }
    return true;
  }

  private void minutes(String text) {
    if (MINUTES.matcher(text.strip()).matches()) {
      rest = Optional.of(Duration.ofMinutes(Math.min(Long.parseLong(text.strip()), 24 * 60)));
    }
  }

  /** 24 is what some call midnight. */
  private void hour(String text) {
    if (HOUR.matcher(text).matches() && skipHours.size() < 23) {
      skipHours.add(Integer.parseInt(text) % 24);
    }
  }

  private void entry() throws XMLStreamException {
    var fields = new EntryFields(xml);
    boolean open = true;
    while (open) {
      int event = xml.next();
      if (event == XMLStreamConstants.START_ELEMENT) {
        fields.begin(xml);
        fields.end(text());
      } else if (event == XMLStreamConstants.END_ELEMENT) {
        open = false;
      }
    }
    if (entries.size() < MOST_ENTRIES) {
      entries.add(fields.entry());
    } else if (entries.size() == MOST_ENTRIES && faults.isEmpty()) {
      faults.add("It has more than %d entries; only these are read.".formatted(MOST_ENTRIES));
    }
  }

  /** All text of an element, of those inside it, too, up to its end. */
  private String text() throws XMLStreamException {
    var text = new StringBuilder();
    int depth = 1;
    while (depth > 0) {
      switch (xml.next()) {
        case XMLStreamConstants.START_ELEMENT -> {
          depth = deeper(depth);
          text.append(' ');
        }
        case XMLStreamConstants.END_ELEMENT -> depth--;
        case XMLStreamConstants.CHARACTERS, XMLStreamConstants.CDATA, XMLStreamConstants.SPACE ->
            append(text, xml.getText());
        case XMLStreamConstants.ENTITY_REFERENCE ->
            append(text, PlainText.named(xml.getLocalName()).orElse(" "));
        default -> {} // comments and instructions
      }
    }
    return text.toString();
  }

  private static void append(StringBuilder text, String more) {
    text.append(more, 0, Math.min(more.length(), MOST_TEXT - Math.min(text.length(), MOST_TEXT)));
  }
}
