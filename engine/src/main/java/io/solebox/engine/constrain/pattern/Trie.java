package io.solebox.engine.constrain.pattern;

import io.solebox.engine.constrain.pattern.Language.Step;
import io.solebox.engine.regex.CodePointSet;
import io.solebox.engine.regex.RegexException;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/** Finitely many texts; those with the same beginning share it, and so do those with an end. */
final class Trie {
  /** Characters in all, before beginnings are shared. */
  private static final int MAX_NODES = 500_000;

  private final List<Map<Integer, Integer>> children = new ArrayList<>();
  private final List<Boolean> ends = new ArrayList<>();

  private Trie() {
    node();
  }

  static Language of(Collection<String> texts) {
    Trie trie = new Trie();
    texts.forEach(trie::add);
    return Language.of(trie.steps());
  }

  private int node() {
    if (children.size() == MAX_NODES) {
      throw new RegexException("it holds more than " + MAX_NODES + " characters");
    }
    children.add(new TreeMap<>());
    ends.add(false);
    return children.size() - 1;
  }

  private void add(String text) {
    int node = 0;
    for (int c : text.codePoints().toArray()) {
      Integer next = children.get(node).get(c);
      if (next == null) {
        next = node();
        children.get(node).put(c, next);
      }
      node = next;
    }
    ends.set(node, true);
  }

  private List<Step> steps() {
    List<Step> steps = new ArrayList<>();
    for (int node = 0; node < children.size(); node++) {
      StepBuilder step = new StepBuilder();
      int from = 0;
      for (Map.Entry<Integer, Integer> child : children.get(node).entrySet()) {
        int c = child.getKey();
        if (from < c) {
          step.add(from, Language.DEAD);
        }
        step.add(c, child.getValue());
        from = c + 1;
      }
      if (from < CodePointSet.LIMIT) {
        step.add(from, Language.DEAD);
      }
      steps.add(step.build(ends.get(node)));
    }
    return steps;
  }
}
