package io.solebox.server.http;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.Predicate;
import org.eclipse.jetty.http.HttpURI;

/** All routes of a server. */
final class RouteTable {
  private final List<Api> apis;

  /** What a request is for. */
  sealed interface Target {
    /** The family that words its problems. */
    Api api();

    Permission permission();
  }

  /**
   * @param values what stands for the segments in braces, by their names
   */
  record Found(Api api, Route route, Map<String, String> values) implements Target {
    @Override
    public Permission permission() {
      return route.permission();
    }
  }

  /**
   * The path has routes, but none for the method.
   *
   * @param allow as in the header
   */
  record OtherMethod(Api api, Permission permission, String allow) implements Target {}

  /**
   * @param suggestion a sentence about what may be meant; can be empty
   */
  record Unknown(Api api, String suggestion) implements Target {
    @Override
    public Permission permission() {
      return Permission.SEE; // who may not ask learns nothing of what there is
    }
  }

  RouteTable(List<Api> apis) {
    this.apis = List.copyOf(apis);
  }

  /** Who words what goes wrong before a request is read. */
  Api firstApi() {
    return apis.getFirst();
  }

  /**
   * A path as routes have it: unpacked, without doubled slashes, without one at the end. People
   * type base URLs with and without.
   */
  static String normal(HttpURI uri) {
    String path = Optional.ofNullable(uri.getDecodedPath()).orElse("*");
    String single = path.replaceAll("/{2,}", "/");
    return single.length() > 1 && single.endsWith("/")
        ? single.substring(0, single.length() - 1)
        : single;
  }

  /**
   * @param path as {@link #normal} makes it
   * @param hasHeader whether the request has a header
   */
  Target find(String method, String path, Predicate<String> hasHeader) {
    String asked = method.equals("HEAD") ? Method.GET.name() : method;
    Set<String> allowed = new LinkedHashSet<>();
    Optional<Found> found = Optional.empty();
    Optional<OtherMethod> other = Optional.empty();
    for (Api api : apis) {
      for (Route route : api.routes()) {
        Optional<Map<String, String>> values = match(route.path(), path);
        if (values.isPresent() && route.header().stream().allMatch(hasHeader)) {
          if (route.method().name().equals(asked)) {
            Found match = new Found(api, route, values.get());
            if (route.header().isPresent()) {
              return match;
            }
            found = found.or(() -> Optional.of(match));
          }
          allowed.add(route.method().name());
          if (route.method() == Method.GET) {
            allowed.add("HEAD");
          }
          other = Optional.of(new OtherMethod(api, route.permission(), String.join(", ", allowed)));
        }
      }
    }
    if (found.isPresent()) {
      return found.get();
    }
    return other.isPresent() ? other.get() : unknown(path);
  }

  private Unknown unknown(String path) {
    String suggestion = suggestion(path);
    // Whose path was mistyped is not known, and most speak as the first API does.
    return new Unknown(suggestion.isEmpty() ? nearest(path) : firstApi(), suggestion);
  }

  /** What stands for the segments in braces, by their names; empty for a path of another route. */
  private static Optional<Map<String, String>> match(String pattern, String path) {
    String[] wanted = pattern.split("/");
    String[] given = path.split("/");
    Map<String, String> values = new HashMap<>();
    for (int i = 0; i < wanted.length; i++) {
      String segment = wanted[i];
      boolean named = segment.startsWith("{");
      String behind = named ? segment.substring(segment.indexOf('}') + 1) : "";
      if (i >= given.length || (!named && !segment.equals(given[i]))) {
        return Optional.empty();
      }
      if (segment.endsWith("*}")) {
        List<String> rest = List.of(given).subList(i, given.length);
        values.put(segment.substring(1, segment.length() - 2), String.join("/", rest));
        return Optional.of(values);
      }
      if (named) {
        int end = given[i].length() - behind.length();
        if (end <= 0 || !given[i].endsWith(behind)) {
          return Optional.empty();
        }
        values.put(segment.substring(1, segment.indexOf('}')), given[i].substring(0, end));
      }
    }
    return wanted.length == given.length ? Optional.of(values) : Optional.empty();
  }

  /** The API that has the most of a path's segments, the first of several. */
  private Api nearest(String path) {
    Api nearest = firstApi();
    int most = 0;
    for (Api api : apis) {
      for (Route route : api.routes()) {
        int common = commonSegments(route.path(), path);
        if (common > most) {
          nearest = api;
          most = common;
        }
      }
    }
    return nearest;
  }

  /** Characters that two paths have in common at their ends. */
  private static int commonEnd(String a, String b) {
    int n = 0;
    while (n < a.length()
        && n < b.length()
        && a.charAt(a.length() - 1 - n) == b.charAt(b.length() - 1 - n)) {
      n++;
    }
    return n;
  }

  private static int commonSegments(String a, String b) {
    String[] left = a.split("/");
    String[] right = b.split("/");
    int common = 1; // what is before the first slash
    while (common < left.length && common < right.length && left[common].equals(right[common])) {
      common++;
    }
    return common - 1;
  }

  /** Where the base of the URL was left out or given twice, the path that may be meant. */
  private String suggestion(String path) {
    List<String> meant = new ArrayList<>();
    Optional<String> base = Optional.empty();
    for (Api api : apis) {
      for (Route route : api.routes()) {
        int second = route.path().indexOf('/', 1);
        if (second > 0 && route.path().indexOf('{') < 0) {
          String tail = route.path().substring(second);
          if (path.endsWith(tail)) {
            meant.add(route.path());
          } else if (base.isEmpty() && path.equals(route.path().substring(0, second))) {
            base = Optional.of("This is the base of URLs, as in " + route.path() + ".");
          }
        }
      }
    }
    Optional<String> whole = base;
    return meant.stream()
        .max(
            Comparator.comparingInt((String route) -> commonEnd(route, path))
                .thenComparingInt(String::length))
        .map(route -> "Did you mean " + route + "? Check the base URL of your program.")
        .or(() -> whole)
        .orElse("");
  }
}
