package io.solebox.engine.constrain.pattern;

import io.solebox.engine.constrain.pattern.Language.Step;
import io.solebox.engine.regex.CodePointSet;
import io.solebox.engine.regex.RegexException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * Finitely many texts; those with the same beginning share it, and so do those with an end. Texts
 * are added in order, so that what lies off the last one is finished, and is compared with what was
 * finished before (Daciuk and others, 2000): nothing has to be made smaller afterwards.
 */
final class Trie {
  /** Characters in all, before ends are shared. */
  private static final int MAX_NODES = 500_000;

  private final Budget budget;
  private final Map<Step, Integer> known = new HashMap<>();
  private final List<Step> finished = new ArrayList<>();

  /** The nodes of the last text, the root first. */
  private final List<Node> path = new ArrayList<>(List.of(new Node()));

  private int numNodes;

  /** One that may still get children; they come in order. */
  private static final class Node {
    private final StepBuilder step = new StepBuilder();

    /** The first character that no child was added for. */
    private int next;

    private boolean end;

    void add(int character, int target) {
      if (next < character) {
        step.add(next, Language.DEAD);
      }
      step.add(character, target);
      next = character + 1;
    }

    Step finish() {
      if (next < CodePointSet.LIMIT) {
        step.add(next, Language.DEAD);
      }
      return step.build(end);
    }
  }

  private Trie(Budget budget) {
    this.budget = budget;
  }

  static Language of(Collection<String> texts, Budget budget) {
    if (texts.isEmpty()) {
      return Language.NONE;
    }
    Trie trie = new Trie(budget);
    int[] before = {};
    for (int[] text :
        texts.stream().map(t -> t.codePoints().toArray()).sorted(Arrays::compare).toList()) {
      trie.add(text, before);
      before = text;
    }
    trie.close(0, before);
    trie.finished.add(trie.path.getFirst().finish());
    return Language.minimal(fromTheRoot(trie.finished), budget);
  }

  /**
   * @param before the text before it, which is not greater
   */
  private void add(int[] text, int[] before) {
    int mismatch = Arrays.mismatch(before, text);
    int shared = mismatch < 0 ? text.length : mismatch;
    close(shared, before);
    for (int i = shared; i < text.length; i++) {
      if (++numNodes > MAX_NODES) {
        throw new RegexException("it holds more than " + MAX_NODES + " characters");
      }
      path.add(new Node());
    }
    path.getLast().end = true;
  }

  /** Finishes what lies behind the first characters of the last text. */
  private void close(int shared, int[] last) {
    for (int i = last.length; i > shared; i--) {
      Step step = path.removeLast().finish();
      budget.spend(step.starts().length);
      Integer same = known.putIfAbsent(step, finished.size());
      if (same == null) {
        same = finished.size();
        finished.add(step);
      }
      path.getLast().add(last[i - 1], same);
    }
  }

  /** The root was finished last, and is to be the first. */
  private static List<Step> fromTheRoot(List<Step> finished) {
    int[] number = new int[finished.size()];
    Arrays.setAll(number, i -> finished.size() - 1 - i);
    return finished.reversed().stream().map(step -> Reduction.renumbered(step, number)).toList();
  }
}
