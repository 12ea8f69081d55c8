package io.solebox.engine.api;

import io.solebox.engine.backend.KvPools;
import io.solebox.engine.backend.Limits;
import io.solebox.engine.memory.MemoryUse;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** What people should know of models that were loaded: what differs from what they asked for. */
final class LoadNotes {
  private static final String DRAFT = "draft: ";

  private LoadNotes() {}

  /** Says of notes that they are about a draft model. */
  static List<String> ofDraft(List<String> notes) {
    return notes.stream().map(note -> DRAFT + note).toList();
  }

  /** Of a model that answers. */
  static List<String> of(Prepared model, Limits wished) {
    var notes = new ArrayList<>(model.source().info().notes());
    notes.addAll(model.source().adapterNotes());
    notes.addAll(model.reserved().placement().notes());
    notes.addAll(shares(model.reserved()));
    int trained = model.source().info().trainedContext();
    Limits limits = model.reserved().limits();
    if (limits.maxSequenceTokens() > trained) {
      notes.add(
          "The context of %d tokens is longer than the %d that the model was trained for; answers may get worse beyond that."
              .formatted(limits.maxSequenceTokens(), trained));
    }
    held(model, wished)
        .ifPresent(held -> notes.add(held + "; long answers may have to wait for each other."));
    if (limits.snapshots() < wished.snapshots()) {
      notes.add(
          "Memory holds %d snapshots of recurrent state, not the %d wished for; more of what was computed before may be computed again."
              .formatted(limits.snapshots(), wished.snapshots()));
    }
    notes.addAll(model.plan().notes());
    return notes;
  }

  /** What each of several devices has of a model. */
  private static List<String> shares(Reserved reserved) {
    List<Placement.Stage> stages = reserved.placement().stages();
    var shares = new ArrayList<String>();
    for (int i = 0; i < stages.size() && stages.size() > 1; i++) {
      MemoryUse use = reserved.holdings().get(i).use();
      shares.add(
          "%s has %s: weights %s, KV cache %s, scratch %s."
              .formatted(
                  stages.get(i).device().name(),
                  reserved.placement().part(stages.get(i)),
                  MemoryUse.mib(use.weightBytes() + use.mappedBytes()),
                  MemoryUse.mib(use.stateBytes()),
                  MemoryUse.mib(use.scratchBytes())));
    }
    return shares;
  }

  /**
   * Of a model that guesses for another one: answers are the same whatever becomes of it.
   *
   * @param answering of the other one
   */
  static List<String> ofDraft(Prepared draft, Limits wished, Limits answering) {
    var notes = new ArrayList<>(draft.source().info().notes());
    notes.addAll(draft.reserved().placement().notes());
    int context = draft.reserved().limits().maxSequenceTokens();
    int trained = draft.source().info().trainedContext();
    if (context < answering.maxSequenceTokens()) {
      notes.add("It has %d positions; what comes behind them is not guessed.".formatted(context));
    }
    if (context > trained) {
      notes.add(
          "It was trained for %d tokens; behind them its guesses may be worse.".formatted(trained));
    }
    held(draft, wished)
        .ifPresent(
            held -> notes.add(held + "; answers for which there is no room are not guessed."));
    notes.addAll(draft.plan().notes());
    return ofDraft(notes);
  }

  private static Optional<String> held(Prepared model, Limits wished) {
    long held = KvPools.tokens(model.source().graph().groups(), wished, model.plan().kvBlocks());
    return held < wished.kvTokens()
        ? Optional.of(
            "Memory holds %d tokens of KV cache, not the %d asked for"
                .formatted(held, wished.kvTokens()))
        : Optional.empty();
  }
}
