package io.solebox.engine.constrain.schema;

import java.net.URI;
import java.net.URLDecoder;
import java.nio.charset.StandardCharsets;
import java.util.Map;

/** References between schemas, as URIs. */
final class Uris {
  private Uris() {}

  /** What a reference means where {@code base} is the base; itself if it is no URI. */
  static String resolve(String base, String reference) {
    try {
      URI uri = URI.create(reference);
      return base.isEmpty() ? uri.toString() : URI.create(base).resolve(uri).toString();
    } catch (IllegalArgumentException _) {
      return reference;
    }
  }

  /** The base inside of a schema. */
  static String base(String outer, Map<?, ?> schema) {
    Object id = schema.containsKey("$id") ? schema.get("$id") : schema.get("id");
    // Draft 4 says id; a property or a $ref of that name is something else.
    boolean isId =
        id instanceof String && (schema.containsKey("$id") || schema.containsKey("$schema"));
    return isId ? withoutFragment(resolve(outer, (String) id)) : outer;
  }

  static String withoutFragment(String uri) {
    int hash = uri.indexOf('#');
    return hash < 0 ? uri : uri.substring(0, hash);
  }

  /** What follows the hash, with percent signs decoded; empty if nothing does. */
  static String fragment(String uri) {
    int hash = uri.indexOf('#');
    String fragment = hash < 0 ? "" : uri.substring(hash + 1);
    try {
      return URLDecoder.decode(fragment.replace("+", "%2B"), StandardCharsets.UTF_8);
    } catch (IllegalArgumentException _) {
      return fragment;
    }
  }
}
