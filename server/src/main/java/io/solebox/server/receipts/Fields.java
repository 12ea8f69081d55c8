package io.solebox.server.receipts;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/**
 * The members of an object of a receipt. What is not there, or of another type, is {@code
 * UNTRUSTED}.
 *
 * @param all by their names
 * @param place for errors
 */
public record Fields(Map<String, Object> all, String place) {
  public boolean has(String name) {
    return all.containsKey(name);
  }

  public String text(String name) {
    if (all.get(name) instanceof String text) {
      return text;
    }
    throw Receipt.untrusted(place, "'" + name + "' is not there, or no string");
  }

  public long number(String name) {
    if (all.get(name) instanceof Long number) {
      return number;
    }
    throw Receipt.untrusted(place, "'" + name + "' is not there, or no whole number");
  }

  public Fields object(String name) {
    return new Fields(Receipt.members(all.get(name), place), place);
  }

  /** An array of objects. */
  public List<Fields> objects(String name) {
    if (!(all.get(name) instanceof List<?> list)) {
      throw Receipt.untrusted(place, "'" + name + "' is not there, or no array");
    }
    List<Fields> objects = new ArrayList<>();
    list.forEach(value -> objects.add(new Fields(Receipt.members(value, place), place)));
    return objects;
  }

  void require(String name, String value) {
    if (!text(name).equals(value)) {
      throw Receipt.untrusted(place, "its '" + name + "' is not '" + value + "'");
    }
  }
}
