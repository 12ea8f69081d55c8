package io.solebox.engine.tokenizer;

import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.Set;
import java.util.stream.IntStream;

/** A vocabulary, its special tokens and its way with plain text. */
final class VocabularyTokenizer implements Tokenizer {
  private final Vocabulary vocabulary;
  private final TextModel model;
  private final SpecialTokens special;
  private final Frame frame;
  private final Splitter.Factory splitters;
  private final Splitter splitter;
  private final List<String> notes;

  VocabularyTokenizer(
      Vocabulary vocabulary,
      TextModel model,
      SpecialTokens special,
      Frame frame,
      Splitter.Factory splitters,
      List<String> notes) {
    this.vocabulary = vocabulary;
    this.model = model;
    this.special = special;
    this.frame = frame;
    this.splitters = splitters;
    this.notes = notes;
    this.splitter = splitters.of(Set.of());
  }

  @Override
  public int vocabSize() {
    return vocabulary.size();
  }

  @Override
  public int[] encode(String text, Specials specials, boolean addBosEos) {
    return encode(ParsedText.of(text, specials), addBosEos);
  }

  /** As {@link #encode(String, Specials, boolean)}, of bytes that may be no UTF-8. */
  int[] encode(byte[] utf8, Specials specials, boolean addBosEos) {
    return encode(ParsedText.of(utf8, specials), addBosEos);
  }

  private int[] encode(ParsedText text, boolean addBosEos) {
    IntList out = new IntList();
    Frame around = addBosEos ? frame : Frame.NONE;
    IntStream.of(around.before()).forEach(out::add);
    encode(text, splitter, out);
    IntStream.of(around.behind()).forEach(out::add);
    return out.toArray();
  }

  private void encode(ParsedText text, Splitter tokens, IntList out) {
    boolean afterSpecial = true;
    for (Splitter.Fragment fragment : tokens.split(text)) {
      switch (fragment) {
        case Splitter.Fragment.Special(int id) -> {
          out.add(id);
          afterSpecial = true;
        }
        case Splitter.Fragment.Text(int from, int to) -> {
          var place = new TextModel.Place(afterSpecial, from == 0, text.isParsed(from, to));
          model.encode(text.utf8(), from, to, place, out);
          afterSpecial = false;
        }
      }
    }
  }

  @Override
  public SegmentEncoder segmentEncoder(String template) {
    Set<Integer> markers = Markers.find(vocabulary, model, special.named().values(), template);
    Splitter tokens = splitters.of(markers);
    return segments -> {
      IntList out = new IntList();
      encode(ParsedText.of(segments), tokens, out);
      return out.toArray();
    };
  }

  @Override
  public String decode(int[] ids, boolean showSpecials) {
    return new String(decodeBytes(ids, showSpecials), StandardCharsets.UTF_8);
  }

  /**
   * As {@link #decode}, before invalid UTF-8 is replaced. The first token loses the space that
   * {@link #encode} put in front of a text.
   */
  byte[] decodeBytes(int[] ids, boolean showSpecials) {
    ByteArrayOutputStream out = new ByteArrayOutputStream(4 * ids.length);
    boolean removeSpace = model.addsSpacePrefix();
    for (int id : ids) {
      byte[] piece = piece(id, showSpecials);
      int skip = removeSpace && piece.length > 0 && piece[0] == ' ' ? 1 : 0;
      out.write(piece, skip, piece.length - skip);
      removeSpace = false;
    }
    byte[] text = out.toByteArray();
    boolean suffix = model.addsSpaceSuffix() && text.length > 0 && text[text.length - 1] == ' ';
    return suffix ? Arrays.copyOf(text, text.length - 1) : text;
  }

  @Override
  public StreamingDecoder streamingDecoder(boolean showSpecials) {
    return new Utf8Stream(id -> piece(id, showSpecials));
  }

  private byte[] piece(int id, boolean showSpecials) {
    return switch (vocabulary.kind(id)) {
      case CONTROL, UNKNOWN -> showSpecials ? model.bytes(id) : new byte[0];
      case NORMAL, BYTE, USER_DEFINED -> model.bytes(id);
      case UNUSED -> new byte[0];
    };
  }

  @Override
  public byte[] tokenBytes(int id) {
    return piece(id, true);
  }

  @Override
  public String tokenText(int id) {
    return vocabulary.text(id);
  }

  @Override
  public boolean isSpecial(int id) {
    return vocabulary.kind(id).isHidden();
  }

  @Override
  public boolean isUnused(int id) {
    return vocabulary.kind(id) == TokenKind.UNUSED;
  }

  @Override
  public OptionalInt bos() {
    return special.bos();
  }

  @Override
  public OptionalInt eos() {
    return special.eos();
  }

  @Override
  public Map<String, Integer> namedTokens() {
    return special.named();
  }

  @Override
  public Optional<MiddleTokens> middleTokens() {
    return special.middle();
  }

  @Override
  public boolean addsBos() {
    return frame.before().length > 0 && OptionalInt.of(frame.before()[0]).equals(special.bos());
  }

  @Override
  public Set<Integer> endOfGeneration() {
    return special.endOfGeneration();
  }

  @Override
  public List<String> notes() {
    return notes;
  }
}
