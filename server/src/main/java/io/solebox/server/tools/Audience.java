package io.solebox.server.tools;

import io.solebox.server.http.People;
import java.util.Set;
import java.util.TreeSet;

/**
 * For whom alone a tool is allowed. Whoever is gone is nobody: an audience that has lost all of its
 * people lets nobody in.
 *
 * @param people by their ids
 * @param groups by their names
 */
public record Audience(Set<String> people, Set<String> groups) {
  private static final String PERSON = "person ";
  private static final String GROUP = "group ";

  public Audience {
    people = Set.copyOf(people);
    groups = Set.copyOf(groups);
  }

  /** Whether somebody is one of them. */
  boolean has(String owner, People known) {
    return people.contains(owner) || groups.stream().anyMatch(each -> known.isIn(owner, each));
  }

  /** As it is kept: one a line. */
  String lines() {
    StringBuilder lines = new StringBuilder();
    new TreeSet<>(people).forEach(id -> lines.append(PERSON).append(id).append('\n'));
    new TreeSet<>(groups).forEach(name -> lines.append(GROUP).append(name).append('\n'));
    return lines.toString();
  }

  /** What {@link #lines} has written. */
  static Audience of(String lines) {
    return new Audience(named(lines, PERSON), named(lines, GROUP));
  }

  private static Set<String> named(String lines, String kind) {
    Set<String> named = new TreeSet<>();
    lines
        .lines()
        .filter(line -> line.startsWith(kind))
        .forEach(line -> named.add(line.substring(kind.length())));
    return named;
  }
}
