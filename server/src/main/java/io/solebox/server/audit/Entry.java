package io.solebox.server.audit;

import java.nio.charset.StandardCharsets;
import java.util.Collections;
import java.util.Map;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.regex.Pattern;

/**
 * What somebody did that counts, as the one who did it says it; the log adds number and time.
 *
 * @param action dotted words, as in {@code key.revoke}
 * @param actor who did it: the name of an account or a key; {@link #THIS_MACHINE}, {@link #SERVER}
 *     or {@link #CONSOLE} where nobody has one
 * @param subject what it was done to: a name, never a secret and never what somebody wrote to a
 *     model
 * @param details further texts by name (small letters, digits, {@code .} and {@code -}), in the
 *     order of the names; never secrets
 */
public record Entry(String action, String actor, String subject, Map<String, String> details) {
  /** Who calls a server without keys and accounts, from the machine that it runs on. */
  public static final String THIS_MACHINE = "(this machine)";

  /** What a server does by itself. */
  public static final String SERVER = "(server)";

  /** Whoever runs a command on the machine of the server. */
  public static final String CONSOLE = "(console)";

  private static final Pattern ACTION = Pattern.compile("[a-z][a-z0-9-]*(\\.[a-z][a-z0-9-]*)+");
  private static final Pattern NAME = Pattern.compile("[a-z][a-z0-9.-]*");

  public Entry {
    if (!ACTION.matcher(action).matches()) {
      throw new IllegalArgumentException("no dotted words: " + action);
    }
    actor = storable(actor);
    subject = storable(subject);
    SortedMap<String, String> sorted = new TreeMap<>();
    details.forEach((name, text) -> sorted.put(checked(name), storable(text)));
    details = Collections.unmodifiableSortedMap(sorted);
  }

  /** One of which nothing more is to be said. */
  public Entry(String action, String actor, String subject) {
    this(action, actor, subject, Map.of());
  }

  /** The same with one more detail. */
  Entry with(String name, String text) {
    Map<String, String> more = new TreeMap<>(details);
    more.put(name, text);
    return new Entry(action, actor, subject, more);
  }

  /** Of ASCII, so that everybody sorts them alike. */
  private static String checked(String name) {
    if (!NAME.matcher(name).matches()) {
      throw new IllegalArgumentException("no name of a detail: " + name);
    }
    return name;
  }

  /** Halves of surrogate pairs have no UTF-8, and what is stored must be what was hashed. */
  private static String storable(String text) {
    return new String(text.getBytes(StandardCharsets.UTF_8), StandardCharsets.UTF_8);
  }
}
