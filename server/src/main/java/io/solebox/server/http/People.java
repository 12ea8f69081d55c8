package io.solebox.server.http;

import java.util.Optional;

/** Who there is, by name and by what is kept for them. */
public interface People {
  /**
   * @return empty where nobody is called so
   */
  Optional<String> idOf(String name);

  /** Whether somebody is in a group. */
  boolean isIn(String id, String group);

  /** Whether there is a group of this name. */
  boolean hasGroup(String name);

  /** As people know them. */
  String nameOf(String id);
}
