package io.solebox.backend.cpu.nativelib;

import static io.solebox.backend.cpu.nativelib.CpuBindings.ADDRESS;
import static io.solebox.backend.cpu.nativelib.CpuBindings.unexpected;
import static java.lang.foreign.ValueLayout.JAVA_FLOAT;
import static java.lang.foreign.ValueLayout.JAVA_INT;
import static java.lang.foreign.ValueLayout.JAVA_LONG;

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
          JAVA_INT.withName("head_dim"),
          JAVA_INT.withName("window"),
          JAVA_FLOAT.withName("scale"));

  private final MethodHandle storeKv;
  private final MethodHandle attentionScratch;
  private final MethodHandle attend;
  private final MethodHandle attendSplits;
  private final MethodHandle mergeSplits;

  AttentionBindings(CpuBindings.Binder own) {
    storeKv =
        own.procedure(
            "store_kv",
            JAVA_INT,
            ADDRESS,
            JAVA_LONG,
            JAVA_LONG,
            JAVA_LONG,
            JAVA_LONG,
            ADDRESS,
            ADDRESS);
    attentionScratch = own.function("attention_scratch", JAVA_LONG, JAVA_LONG, JAVA_LONG);
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

  /** {@code op, cache, block_table, position, tokens, seen, kv_head, q} and then these. */
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
   * @param window positions that a token sees, itself included
   */
  public static long op(
      int kvType, int numKvHeads, int headsPerKv, int headDim, int window, float scale, Arena to) {
    MemorySegment op = to.allocate(OP);
    int[] words = {kvType, numKvHeads, headsPerKv, headDim, window};
    MemorySegment.copy(words, 0, op, JAVA_INT, 0, words.length);
    op.set(JAVA_FLOAT, 4L * words.length, scale);
    return op.address();
  }

  /** To slots from {@code slot} on of one block of the cache. */
  public void storeKv(
      int type, long block, long kvHeads, long dim, long slot, long tokens, long k, long v) {
    try {
      storeKv.invokeExact(type, block, kvHeads, dim, slot, tokens, k, v);
    } catch (Throwable e) {
      throw unexpected(e);
    }
  }

  /** Floats that a call for so many rows needs. */
  public long attentionScratch(long rows, long headDim) {
    try {
      return (long) attentionScratch.invokeExact(rows, headDim);
    } catch (Throwable e) {
      throw unexpected(e);
    }
  }

  /**
   * @param seen the last position that every token sees, or that of the first token
   */
  public void attend(
      long op,
      long cache,
      long blockTable,
      long position,
      long tokens,
      long seen,
      long kvHead,
      long q,
      long out,
      long scratch) {
    try {
      attend.invokeExact(op, cache, blockTable, position, tokens, seen, kvHead, q, out, scratch);
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
      long seen,
      long kvHead,
      long q,
      long from,
      long to,
      long partials,
      long scratch) {
    try {
      attendSplits.invokeExact(
          op, cache, blockTable, position, tokens, seen, kvHead, q, from, to, partials, scratch);
    } catch (Throwable e) {
      throw unexpected(e);
    }
  }

  public void mergeSplits(
      long op,
      long position,
      long tokens,
      long seen,
      long kvHead,
      long partials,
      long out,
      long scratch) {
    try {
      mergeSplits.invokeExact(op, position, tokens, seen, kvHead, partials, out, scratch);
    } catch (Throwable e) {
      throw unexpected(e);
    }
  }
}
