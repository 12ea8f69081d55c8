package io.solebox.engine.host;

import io.solebox.engine.api.LoadOptions;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** Which models there are. May change while a host runs; asked from many threads. */
public interface Catalog {
  /**
   * A model that can be loaded.
   *
   * @param name unique in its catalog
   */
  record Offer(String name, Path file, LoadOptions options) {}

  /** The names, in the order in which they are shown. */
  List<String> names();

  Optional<Offer> find(String name);

  /** A catalog that does not change. */
  static Catalog of(List<Offer> offers) {
    Map<String, Offer> byName = new LinkedHashMap<>();
    offers.forEach(offer -> byName.put(offer.name(), offer));
    return new Catalog() {
      @Override
      public List<String> names() {
        return List.copyOf(byName.keySet());
      }

      @Override
      public Optional<Offer> find(String name) {
        return Optional.ofNullable(byName.get(name));
      }
    };
  }
}
