package io.solebox.backend.cpu.nativelib;

import static io.solebox.backend.cpu.nativelib.CpuBindings.ADDRESS;
import static io.solebox.backend.cpu.nativelib.CpuBindings.unexpected;
import static java.lang.foreign.MemoryLayout.PathElement.groupElement;
import static java.lang.foreign.ValueLayout.JAVA_FLOAT;
import static java.lang.foreign.ValueLayout.JAVA_INT;
import static java.lang.foreign.ValueLayout.JAVA_LONG;

import io.solebox.engine.graph.AttentionShape;
import io.solebox.engine.graph.Mask;
import java.lang.foreign.Arena;
import java.lang.foreign.MemoryLayout;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.StructLayout;
import java.lang.invoke.MethodHandle;

/** The functions of {@code attention.c} and {@code kv.c}, as {@link CpuBindings}. */
public final class AttentionBindings {
  /** {@code struct attention}. */
  private static final StructLayout OP =
      MemoryLayout.structLayout(
          JAVA_INT.withName("kv_type"),
          JAVA_INT.withName("num_kv_heads"),
          JAVA_INT.withName("heads_per_kv"),
          JAVA_INT.withName("key_dim"),
          JAVA_INT.withName("value_dim"),
          JAVA_INT.withName("latent"),
          JAVA_INT.withName("before"),
          JAVA_INT.withName("after"),
          JAVA_INT.withName("chunk"),
          JAVA_FLOAT.withName("scale"),
          JAVA_FLOAT.withName("soft_cap"),
          MemoryLayout.paddingLayout(4),
          JAVA_LONG.withName("sinks"),
          JAVA_LONG.withName("slopes"));

  private final MethodHandle storeKv;
  private final MethodHandle attentionScratch;
  private final MethodHandle attend;
  private final MethodHandle attendSplits;
  private final MethodHandle mergeSplits;

  AttentionBindings(CpuBindings.Binder own) {
    storeKv = own.procedure("store_kv", ADDRESS, ADDRESS, JAVA_LONG, JAVA_LONG, ADDRESS, ADDRESS);
    attentionScratch =
        own.function("attention_scratch", JAVA_LONG, JAVA_LONG, JAVA_LONG, JAVA_LONG);
    attend = own.procedure("attend", with(ADDRESS, ADDRESS));
    attendSplits = own.procedure("attend_splits", with(JAVA_LONG, JAVA_LONG, ADDRESS, ADDRESS));
    mergeSplits =
        own.procedure(
            "merge_splits",
            ADDRESS,
            JAVA_LONG,
            JAVA_LONG,
            JAVA_LONG,
            JAVA_LONG,
            ADDRESS,
            ADDRESS,
            ADDRESS);
  }

  /** {@code op, cache, block_table, position, tokens, end, kv_head, q} and then these. */
  private static MemoryLayout[] with(MemoryLayout... last) {
    MemoryLayout[] all = new MemoryLayout[8 + last.length];
    MemoryLayout[] first = {
      ADDRESS, ADDRESS, ADDRESS, JAVA_LONG, JAVA_LONG, JAVA_LONG, JAVA_LONG, ADDRESS
    };
    System.arraycopy(first, 0, all, 0, first.length);
    System.arraycopy(last, 0, all, first.length, last.length);
    return all;
  }

  /**
   * The address of a {@code struct attention}.
   *
   * @param sinks address of f32 [H], or 0 for none
   * @param slopes likewise
   */
  public static long op(int kvType, AttentionShape shape, long sinks, long slopes, Arena to) {
    MemorySegment op = to.allocate(OP);
    int all = Integer.MAX_VALUE;
    int before = all;
    int after = 0;
    int chunk = all;
    switch (shape.mask()) {
      case Mask.Causal _ -> {}
      case Mask.SlidingWindow(int tokens) -> before = tokens - 1;
      case Mask.Chunked(int tokens) -> chunk = tokens;
      case Mask.Around(int reach) -> {
        before = reach;
        after = reach;
      }
      case Mask.Bidirectional _ -> after = all;
    }
    int[] words = {
      kvType,
      shape.numKvHeads(),
      shape.numHeads() / shape.numKvHeads(),
      shape.headDim(),
      shape.valueDim(),
      shape.latent() ? 1 : 0,
      before,
      after,
      chunk
    };
    MemorySegment.copy(words, 0, op, JAVA_INT, 0, words.length);
    op.set(JAVA_FLOAT, OP.byteOffset(groupElement("scale")), shape.scale());
    op.set(JAVA_FLOAT, OP.byteOffset(groupElement("soft_cap")), shape.softCap().orElse(0f));
    op.set(JAVA_LONG, OP.byteOffset(groupElement("sinks")), sinks);
    op.set(JAVA_LONG, OP.byteOffset(groupElement("slopes")), slopes);
    return op.address();
  }

  /** To slots from {@code slot} on of one block of the cache; {@code v} is 0 where latent. */
  public void storeKv(long op, long block, long slot, long tokens, long k, long v) {
    try {
      storeKv.invokeExact(op, block, slot, tokens, k, v);
    } catch (Throwable e) {
      throw unexpected(e);
    }
  }

  /** Floats that a call for so many rows needs. */
  public long attentionScratch(long rows, long keyDim, long valueDim) {
    try {
      return (long) attentionScratch.invokeExact(rows, keyDim, valueDim);
    } catch (Throwable e) {
      throw unexpected(e);
    }
  }

  /**
   * @param end the last position of the sequence
   */
  public void attend(
      long op,
      long cache,
      long blockTable,
      long position,
      long tokens,
      long end,
      long kvHead,
      long q,
      long out,
      long scratch) {
    try {
      attend.invokeExact(op, cache, blockTable, position, tokens, end, kvHead, q, out, scratch);
    } catch (Throwable e) {
      throw unexpected(e);
    }
  }

  /** Splits {@code from} to {@code to}, exclusive. */
  public void attendSplits(
      long op,
      long cache,
      long blockTable,
      long position,
      long tokens,
      long end,
      long kvHead,
      long q,
      long from,
      long to,
      long partials,
      long scratch) {
    try {
      attendSplits.invokeExact(
          op, cache, blockTable, position, tokens, end, kvHead, q, from, to, partials, scratch);
    } catch (Throwable e) {
      throw unexpected(e);
    }
  }

  public void mergeSplits(
      long op,
      long position,
      long tokens,
      long end,
      long kvHead,
      long partials,
      long out,
      long scratch) {
    try {
      mergeSplits.invokeExact(op, position, tokens, end, kvHead, partials, out, scratch);
    } catch (Throwable e) {
      throw unexpected(e);
    }
  }
}
