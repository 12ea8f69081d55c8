package io.solebox.engine.schedule;

import java.util.HashMap;
import java.util.HashSet;
import java.util.Map;
import java.util.Set;

/**
 * Keeps a step short for users whose next token it brings: it may take no longer than each one's
 * share of the time allows, which for two users is twice what it would take without the other. A
 * user who has prompts yet to come in the same step lengthens it himself, and need not be spared.
 * What a step takes is counted in tokens: those that it computes and those that could be computed
 * in the time that a step of none would take.
 */
final class CalmStep {
  /** What a user has of the step. */
  private static final class Part {
    private final double weight;
    private final Set<Sequence> prompts = new HashSet<>(); // whose turn has not come yet
    private final Set<Sequence> bringing = new HashSet<>(); // whose next token it is
    private int tokens;

    private Part(double weight) {
      this.weight = weight;
    }
  }

  private final double allWeights;
  private final int free;
  private final Map<Object, Part> parts = new HashMap<>();
  private int tokens;

  /**
   * @param allWeights of all users who want something
   * @param free tokens that could be computed in the time that a step of none takes
   */
  CalmStep(double allWeights, int free) {
    this.allWeights = allWeights;
    this.free = free;
  }

  /** A prompt of a user is there, whose turn comes later. */
  void expect(Object user, double weight, Sequence sequence) {
    part(user, weight).prompts.add(sequence);
  }

  private Part part(Object user, double weight) {
    return parts.computeIfAbsent(user, _ -> new Part(weight));
  }

  /**
   * So many tokens of a sequence are in the step; fewer than none when they are taken out again.
   *
   * @param brings whether they end in the next token of an answer
   */
  void add(Object user, double weight, Sequence sequence, int n, boolean brings) {
    Part part = part(user, weight);
    part.tokens += n;
    tokens += n;
    if (n < 0) {
      part.bringing.remove(sequence);
    } else if (brings) {
      part.bringing.add(sequence);
    }
  }

  /**
   * How many tokens of a prompt a user may add, whose turn it is: what keeps the step short, or its
   * own share of it.
   */
  int most(Object user, double weight, Sequence sequence) {
    Part own = part(user, weight);
    own.prompts.remove(sequence);
    double others = allWeights - weight;
    double share = others > 0 ? weight / others * (tokens - own.tokens) : Integer.MAX_VALUE;
    return (int) Math.max(most(own), Math.ceil(share) - own.tokens);
  }

  /** The same for who has no share of it. */
  int most() {
    return most(new Part(0));
  }

  private int most(Part own) {
    double most = Integer.MAX_VALUE;
    for (Part part : parts.values()) {
      if (part != own && !part.bringing.isEmpty() && part.prompts.isEmpty()) {
        double longer = Math.max(1, (allWeights - part.weight) / part.weight);
        most = Math.min(most, (1 + longer) * part.tokens + longer * free - tokens);
      }
    }
    return (int) Math.max(0, Math.floor(most));
  }
}
