package io.solebox.engine.tokenizer;

import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.Set;

/**
 * Text to token ids and back, as one model's vocabulary has it. Immutable; safe for many threads.
 */
public interface Tokenizer {
  /** What to do with the text of special tokens that appears in the input. */
  enum Specials {
    /** {@code <|eot_id|>} becomes the special token (what a chat template writes). */
    PARSE,
    /** It is ordinary text (what a user typed). */
    AS_TEXT
  }

  int vocabSize();

  /**
   * @param addBosEos whether to add the begin and end tokens that the model file asks for
   */
  int[] encode(String text, Specials specials, boolean addBosEos);

  /**
   * An encoder of what a chat template renders, in which every id that is structure was written by
   * the template: what messages say stays text. Structure are the special tokens, and what the file
   * calls otherwise although it stands in brackets and the template writes it, as {@code
   * <tool_call>} or a mistyped {@code <|im_end|>}. Other user-defined tokens (runs of spaces, HTML
   * tags) are found in messages too, because models have learned them as text.
   *
   * @param template the template's source
   */
  SegmentEncoder segmentEncoder(String template);

  /**
   * The text of all ids.
   *
   * @param showSpecials whether special (control) tokens appear as their text or not at all
   */
  String decode(int[] ids, boolean showSpecials);

  /** Decodes ids one at a time; never emits half a character. */
  StreamingDecoder streamingDecoder(boolean showSpecials);

  /** The token's own bytes, as in a logprobs answer; special tokens give their text. */
  byte[] tokenBytes(int id);

  /** The token as it stands in the vocabulary, as in {@code Ġthe}. */
  String tokenText(int id);

  boolean isSpecial(int id);

  /** Whether the id is no token, but fills the vocabulary up to a round number. */
  default boolean isUnused(int id) {
    return false;
  }

  OptionalInt bos();

  OptionalInt eos();

  /** Ids by the names that chat templates know: {@code bos_token}, {@code unk_token} and so on. */
  Map<String, Integer> namedTokens();

  /** Empty for a model that cannot fill in the middle of a text. */
  default Optional<MiddleTokens> middleTokens() {
    return Optional.empty();
  }

  /** Whether {@link #encode} with {@code addBosEos} puts the begin token first. */
  boolean addsBos();

  /** Ids that end an answer: end of sequence, end of turn, end of message. */
  Set<Integer> endOfGeneration();

  /** What was found and handled by the way while it was read, for people. */
  default List<String> notes() {
    return List.of();
  }
}
