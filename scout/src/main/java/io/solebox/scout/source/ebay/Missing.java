package io.solebox.scout.source.ebay;

import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;

/** What should be in eBay's answers and is not: said once for each member, however many lack it. */
final class Missing {
  private final Set<String> said = new HashSet<>();
  private final List<String> fresh = new ArrayList<>();

  void note(String member, String consequence) {
    if (said.add(member)) {
      fresh.add("eBay's answers lack " + member + ": " + consequence);
    }
  }

  /** What was not said yet; it counts as said. */
  List<String> take() {
    List<String> notes = List.copyOf(fresh);
    fresh.clear();
    return notes;
  }
}
