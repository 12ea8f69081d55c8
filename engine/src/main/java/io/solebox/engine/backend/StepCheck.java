package io.solebox.engine.backend;

import io.solebox.engine.graph.Graph;
import io.solebox.engine.graph.KeepGroup;
import java.lang.foreign.MemorySegment;
import java.util.List;

/**
 * Holds a batch to what was announced, before anything is computed: a wrong block would overwrite
 * another sequence, or memory that is no cache at all. Breaking these rules is a bug of the engine,
 * not of a person. Runs at every step, so it leaves no garbage.
 */
public final class StepCheck {
  private final Limits limits;
  private final List<KeepGroup> groups;
  private final int vocabulary;
  private final boolean hasSlots;
  private final boolean seesAhead;
  private final boolean answers;

  public StepCheck(Graph graph, Limits limits) {
    this.limits = limits;
    this.groups = graph.groups();
    this.vocabulary = graph.vocabulary().orElse(Integer.MAX_VALUE);
    this.hasSlots = graph.hasSlots();
    this.seesAhead = graph.seesAhead();
    this.answers = graph.logits().isPresent() || !(graph.end() instanceof Graph.End.Rows);
  }

  /**
   * @param plan whose pools the batch's blocks are of
   * @throws IllegalArgumentException that says what is wrong
   */
  public void require(Batch batch, Plan plan) {
    if (batch.size() > limits.maxStepTokens() || batch.rows().size() > limits.maxRows()) {
      throw wrong(
          "a step of %d tokens and %d rows; at most %d and %d were announced",
          batch.size(), batch.rows().size(), limits.maxStepTokens(), limits.maxRows());
    }
    for (int token : batch.tokens()) {
      if (token < 0 || token >= vocabulary) {
        throw wrong("token %d of a vocabulary of %d", token, vocabulary);
      }
    }
    for (int t = 0; t < batch.size(); t = batch.sequenceEnd(t)) {
      requireMemory(batch, t, plan);
    }
    for (int i = 0; i < batch.rows().size(); i++) {
      if (!answers && !(batch.rows().get(i) instanceof RowRequest.Hidden)) {
        throw wrong("%s of a graph that gives no logits", batch.rows().get(i));
      }
    }
  }

  /**
   * The same for the two places of a copy.
   *
   * @throws IllegalArgumentException that says what is wrong
   */
  public static void requireSlots(int from, int to, Plan plan) {
    if (Math.min(from, to) < 0 || Math.max(from, to) >= plan.slots()) {
      throw wrong("slot %d to be copied to slot %d of %d", from, to, plan.slots());
    }
  }

  /**
   * The same for a place that is copied to host memory or from there.
   *
   * @throws IllegalArgumentException that says what is wrong
   */
  public static void requirePlace(KeptPlace place, MemorySegment bytes, Plan plan) {
    switch (place) {
      case KeptPlace.Block(int group, int block) -> {
        if (group < 0 || group >= plan.kvBlocks().size()) {
          throw wrong("group %d of %d", group, plan.kvBlocks().size());
        }
        requireBlocks(new int[] {block}, 0, 0, plan.kvBlocks().get(group));
      }
      case KeptPlace.Slot(int slot) -> requireSlots(slot, slot, plan);
    }
    if (bytes.byteSize() != plan.bytes(place)) {
      throw wrong("%d bytes for %s of %d", bytes.byteSize(), place, plan.bytes(place));
    }
  }

  private void requireMemory(Batch batch, int t, Plan plan) {
    int first = batch.positions()[t];
    int last = batch.positions()[batch.sequenceEnd(t) - 1];
    Batch.Sequence sequence = batch.sequence(t);
    if (first > 0 && seesAhead) {
      throw wrong("a sequence that takes one step is continued at position %d", first);
    }
    if (sequence.variant() < 0) {
      throw wrong("variant %d of the model", sequence.variant());
    }
    if (hasSlots && (sequence.slot() < 0 || sequence.slot() >= plan.slots())) {
      throw wrong("slot %d of %d", sequence.slot(), plan.slots());
    }
    for (int g = 0; g < groups.size(); g++) {
      int from = groups.get(g).firstNeeded(first) / KvBlocks.TOKENS;
      requireBlocks(
          sequence.blocksOfGroup()[g], from, last / KvBlocks.TOKENS, plan.kvBlocks().get(g));
    }
  }

  private static void requireBlocks(int[] table, int from, int to, int pool) {
    if (to >= table.length) {
      throw wrong("block %d of a table of %d", to, table.length);
    }
    for (int b = from; b <= to; b++) {
      if (table[b] < 0 || table[b] >= pool) {
        throw wrong("block %d of a pool of %d", table[b], pool);
      }
    }
  }

  private static IllegalArgumentException wrong(String message, Object... values) {
    return new IllegalArgumentException(message.formatted(values));
  }
}
