package io.solebox.scout.page;

import io.solebox.scout.item.ItemKey;
import java.net.URLDecoder;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.util.Optional;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/** Keys of things as one word of plain letters: {@code ebay/110000000001/}. */
final class ThingId {
  private static final int PARTS = 3;

  private ThingId() {}

  static String of(ItemKey key) {
    return Stream.of(key.market(), key.id(), key.variation())
        .map(part -> URLEncoder.encode(part, StandardCharsets.UTF_8))
        .collect(Collectors.joining("/"));
  }

  /** Empty where it is none. */
  static Optional<ItemKey> key(String id) {
    String[] parts = id.split("/", -1);
    if (parts.length != PARTS) {
      return Optional.empty();
    }
    try {
      return Optional.of(new ItemKey(plain(parts[0]), plain(parts[1]), plain(parts[2])));
    } catch (IllegalArgumentException e) {
      return Optional.empty();
    }
  }

  private static String plain(String part) {
    return URLDecoder.decode(part, StandardCharsets.UTF_8);
  }
}
