package io.solebox.app.quality;

import io.solebox.engine.error.ErrorCode;
import io.solebox.engine.error.SoleboxException;
import io.solebox.engine.tokenizer.Tokenizer;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.OptionalInt;

/**
 * A text's ids in pieces that a model computes each by itself. Without a stride, pieces do not
 * overlap, and the ids of the second half of each are scored, as llama.cpp's perplexity does
 * (ggml-org/llama.cpp: tools/perplexity), so that figures can be compared. With a stride, pieces
 * begin so many ids apart, and the last so many of each are scored.
 *
 * @param list at least one
 * @param context ids of each
 * @param tokens ids of the whole text, with the begin token where the model wants one
 * @param leftOut ids at the end that make no whole piece
 */
record Chunks(List<Chunk> list, int context, int stride, int tokens, int leftOut) {
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
   * @param begin the token that stands in front of each piece, in place of its first id
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
    int from = scoredFrom(context, wish.stride());
    var list = new ArrayList<Chunk>();
    int end = 0;
    for (int start = 0; start + context <= all.length; start += stride) {
      if (wish.most().isPresent() && list.size() == wish.most().getAsInt()) {
        break;
      }
      end = start + context;
      int[] chunk = Arrays.copyOfRange(all, start, end);
      begin.ifPresent(id -> chunk[0] = id);
      list.add(new Chunk(chunk, from));
    }
    return new Chunks(list, context, stride, all.length, all.length - end);
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

  /** Ids that are scored in all pieces. */
  int scored() {
    return list.stream().mapToInt(Chunk::scored).sum();
  }

  /** Which ids are scored, for people. */
  String describe() {
    int each = list.getFirst().scored();
    return "the last %d of %d tokens in each of %d chunks".formatted(each, context, list.size());
  }
}
