package io.solebox.engine.backend;

import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.util.Arrays;

/**
 * Changes to single logits before the best are sought: {@code l > 0 ? l / repetition : l *
 * repetition}, then {@code + add}. This carries logit bias and all penalties. Grows in place, so
 * that a token costs no garbage; its owner changes it between steps only.
 */
public final class SparseBias {
  /** Changes nothing. */
  public static final SparseBias NONE = new SparseBias();

  private int[] ids;
  private float[] repetition;
  private float[] add;
  private int size;

  public SparseBias() {
    this(new int[0], new float[0], new float[0], 0);
  }

  private SparseBias(int[] ids, float[] repetition, float[] add, int size) {
    this.ids = ids;
    this.repetition = repetition;
    this.add = add;
    this.size = size;
  }

  /** The same entries, changed apart from these from now on. */
  public SparseBias copy() {
    return new SparseBias(ids.clone(), repetition.clone(), add.clone(), size);
  }

  /** Those of its entries that are for the first {@code vocab} ids, as they are now. */
  SparseBias below(int vocab) {
    var some = new SparseBias();
    for (int i = 0; i < size; i++) {
      if (ids[i] < vocab) {
        some.append(ids[i], repetition[i], add[i]);
      }
    }
    return some;
  }

  /** Adds an entry for an id that has none. */
  public int append(int id, float repetitionOfId, float addToId) {
    if (size == ids.length) {
      int more = Math.max(16, 2 * size);
      ids = Arrays.copyOf(ids, more);
      repetition = Arrays.copyOf(repetition, more);
      add = Arrays.copyOf(add, more);
    }
    ids[size] = id;
    set(size, repetitionOfId, addToId);
    return size++;
  }

  /**
   * Changes an entry.
   *
   * @param repetitionOfId 1 for none (Keskar et al., CTRL, arXiv:1909.05858)
   * @param addToId {@code -Infinity} bans the id
   */
  public void set(int entry, float repetitionOfId, float addToId) {
    repetition[entry] = repetitionOfId;
    add[entry] = addToId;
  }

  public int size() {
    return size;
  }

  public int id(int entry) {
    return ids[entry];
  }

  public float repetition(int entry) {
    return repetition[entry];
  }

  public float add(int entry) {
    return add[entry];
  }

  /** The changed logit of an entry. */
  public float apply(int entry, float logit) {
    float r = repetition[entry];
    return (logit > 0 ? logit / r : logit * r) + add[entry];
  }

  /** Changes logits f32 that begin at byte {@code at}. */
  public void apply(MemorySegment logits, long at) {
    for (int i = 0; i < size; i++) {
      long where = at + 4L * ids[i];
      float logit = logits.get(ValueLayout.JAVA_FLOAT_UNALIGNED, where);
      logits.set(ValueLayout.JAVA_FLOAT_UNALIGNED, where, apply(i, logit));
    }
  }
}
