package io.solebox.clients.kills;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;

/**
 * Things of one kind that a client has made, and what it was told of each. Owned by one thread at a
 * time.
 *
 * @param <T> what is needed to look for one
 */
final class Known<T> {
  /** How many may be there before the client rather takes one away. */
  private static final int ENOUGH = 6;

  private static final int MOST_GONE = 10;

  /** What the server has said. */
  enum Standing {
    /** It was made. */
    THERE,
    /** It was taken away. */
    GONE,
    /** The server ended before it said whether it had taken it away. */
    UNSURE
  }

  private final Map<T, Standing> things = new LinkedHashMap<>();

  void made(T thing) {
    things.put(thing, Standing.THERE);
  }

  /** Before somebody asks for it to be taken away. */
  void leaving(T thing) {
    things.put(thing, Standing.UNSURE);
  }

  void gone(T thing) {
    things.put(thing, Standing.GONE);
  }

  List<T> there() {
    return things.entrySet().stream()
        .filter(each -> each.getValue() == Standing.THERE)
        .map(Map.Entry::getKey)
        .toList();
  }

  boolean isEnough(Random random) {
    return random.nextInt(2 * ENOUGH) < there().size();
  }

  T any(Random random) {
    List<T> there = there();
    return there.get(random.nextInt(there.size()));
  }

  /** Says whether a thing is there now. */
  @FunctionalInterface
  interface Look<T> {
    boolean isThere(T thing) throws Exception;
  }

  /**
   * Holds all against the server, and knows then what it was unsure of.
   *
   * @return what is other than was said
   */
  List<String> check(String kind, Look<T> look) throws Exception {
    List<String> wrong = new ArrayList<>();
    for (var each : List.copyOf(things.entrySet())) {
      boolean there = look.isThere(each.getKey());
      Standing said = each.getValue();
      if ((said == Standing.THERE && !there) || (said == Standing.GONE && there)) {
        wrong.add("%s %s was %s, and is not".formatted(kind, each.getKey(), said));
      }
      things.put(each.getKey(), there ? Standing.THERE : Standing.GONE);
    }
    forget();
    return wrong;
  }

  /** What is gone, and was looked at, makes room. */
  private void forget() {
    List<T> gone =
        things.entrySet().stream()
            .filter(each -> each.getValue() == Standing.GONE)
            .map(Map.Entry::getKey)
            .toList();
    gone.subList(0, Math.max(0, gone.size() - MOST_GONE)).forEach(things::remove);
  }
}
