package io.solebox.scout.source.ebay;

import io.solebox.scout.item.Sighting;
import java.net.URI;
import java.net.URISyntaxException;
import java.time.DateTimeException;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** Values of eBay's JSON, taken for what they should be; what is something else is not there. */
final class EbayText {
  private EbayText() {}

  static Optional<String> text(Map<?, ?> from, String name) {
    return from.get(name) instanceof String text && !text.isBlank()
        ? Optional.of(text.strip())
        : Optional.empty();
  }

  static Map<?, ?> map(Map<?, ?> from, String name) {
    return from.get(name) instanceof Map<?, ?> map ? map : Map.of();
  }

  static List<Map<?, ?>> maps(Object value) {
    List<Map<?, ?>> maps = new ArrayList<>();
    if (value instanceof List<?> list) {
      for (Object element : list) {
        if (element instanceof Map<?, ?> map) {
          maps.add(map);
        }
      }
    }
    return maps;
  }

  static List<String> texts(Object value) {
    return value instanceof List<?> list
        ? list.stream().filter(String.class::isInstance).map(String.class::cast).toList()
        : List.of();
  }

  static Optional<Instant> instant(Object value) {
    try {
      return value instanceof String text
          ? Optional.of(Instant.parse(text)).filter(Sighting::isOfACalendar)
          : Optional.empty();
    } catch (DateTimeException e) {
      return Optional.empty();
    }
  }

  /** An address of the web with a host. */
  static Optional<URI> web(Optional<String> text) {
    try {
      if (text.isPresent()) {
        URI uri = new URI(text.get());
        return Optional.of(uri)
            .filter(u -> "https".equals(u.getScheme()) || "http".equals(u.getScheme()))
            .filter(u -> u.getHost() != null && u.getRawUserInfo() == null);
      }
    } catch (URISyntaxException e) {
      // It is none.
    }
    return Optional.empty();
  }
}
