package io.solebox.app.quality;

import io.solebox.engine.error.ErrorCode;
import io.solebox.engine.error.SoleboxException;
import io.solebox.engine.tokenizer.Tokenizer;
import java.util.Arrays;
import java.util.OptionalInt;

/**
 * A text's ids in pieces that a model computes each by itself. Without a stride, pieces do not
 * overlap, and the ids of the second half of each are scored, as llama.cpp's perplexity does
 * (ggml-org/llama.cpp: tools/perplexity), so that figures can be compared. With a stride, pieces
 * begin so many ids apart, and the last so many of each are scored.
 *
 * @param all ids of the whole text, with the begin token where the model wants one
 * @param begin what stands in front of each piece, in place of its first id
 * @param context ids of each piece
 * @param from the first id of a piece that is scored
 * @param count of pieces, at least one
 */
record Chunks(int[] all, OptionalInt begin, int context, int stride, int from, int count) {
  /**
   * @param from the first of {@code ids} that is scored
   */
  record Chunk(int[] ids, int from) {
    int scored() {
      return ids.length - from;
    }
  }

  /** What is asked for. */
  record Wish(int context, OptionalInt stride, OptionalInt most) {}

  /**
   * @param ids of a text, without the begin token
   * @throws SoleboxException {@code INVALID_PARAMETER} where nothing could be scored
   */
  static Chunks of(int[] ids, OptionalInt begin, Wish wish) {
    int[] all = withBegin(ids, begin);
    if (all.length < 2) {
      throw new SoleboxException(
          ErrorCode.INVALID_PARAMETER,
          "text",
          "It has too few tokens (%d): nothing stands before a token that could be scored."
              .formatted(all.length),
          "Give a longer text.");
    }
    // A text that is shorter than a piece is one.
    int context = Math.min(wish.context(), all.length);
    int stride = wish.stride().orElse(context);
    int whole = (all.length - context) / stride + 1;
    return new Chunks(
        all,
        begin,
        context,
        stride,
        scoredFrom(context, wish.stride()),
        Math.min(whole, wish.most().orElse(whole)));
  }

  /** The text of a file for a model. */
  static Chunks of(String text, Tokenizer tokenizer, Wish wish) {
    int[] ids = tokenizer.encode(text, Tokenizer.Specials.AS_TEXT, false);
    return of(ids, tokenizer.addsBos() ? tokenizer.bos() : OptionalInt.empty(), wish);
  }

  private static int[] withBegin(int[] ids, OptionalInt begin) {
    if (begin.isEmpty()) {
      return ids;
    }
    int[] all = new int[ids.length + 1];
    all[0] = begin.getAsInt();
    System.arraycopy(ids, 0, all, 1, ids.length);
    return all;
  }

  private static int scoredFrom(int context, OptionalInt stride) {
    int from = stride.isPresent() ? context - stride.getAsInt() : context / 2 + 1;
    return Math.clamp(from, 1, context - 1);
  }

  /** The piece at {@code index}, from 0. */
  Chunk get(int index) {
    int start = index * stride;
    int[] ids = Arrays.copyOfRange(all, start, start + context);
    begin.ifPresent(id -> ids[0] = id);
    return new Chunk(ids, from);
  }

  /** Ids of the whole text. */
  int tokens() {
    return all.length;
  }

  /** Ids that are scored in each piece. */
  int scoredInEach() {
    return context - from;
  }

  /** Ids that are scored in all pieces. */
  int scored() {
    return count * scoredInEach();
  }

  /** Ids at the end that make no whole piece, or were not wanted. */
  int leftOut() {
    return all.length - (count - 1) * stride - context;
  }

  /** Which ids are scored, for people. */
  String describe() {
    String where = count == 1 ? "of one chunk" : "in each of %d chunks".formatted(count);
    return "the last %d of %d tokens %s".formatted(scoredInEach(), context, where);
  }
}
