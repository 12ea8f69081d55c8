package io.solebox.engine.tokenizer;

import io.solebox.engine.tokenizer.normalize.Normalizer;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * Reads tokenizer.json (huggingface/tokenizers: tokenizer/serialization.rs) and what the files
 * beside it say of its special tokens.
 */
final class HuggingFaceFile {
  /** Twice what the largest known vocabulary has, as for other files. */
  private static final int MAX_TOKENS = 1 << 21;

  private final JsonFields fields;
  private final List<AddedToken> added;
  private final Vocabulary vocabulary;
  private final List<String> notes;

  HuggingFaceFile(JsonFields fields, TableRows rows) {
    this.fields = fields;
    Entries entries = modelEntries(fields.requiredObject("model"));
    List<AddedToken> all =
        fields.objects("added_tokens").stream().map(AddedToken::of).map(entries::known).toList();
    this.added = all.stream().filter(token -> token.id() < rows.most()).toList();
    this.notes =
        rows.notes(
            all.stream()
                .filter(token -> token.id() >= rows.most())
                .map(AddedToken::content)
                .toList());
    added.forEach(entries::put);
    entries.reserve(rows.least());
    this.vocabulary = entries.vocabulary();
  }

  Vocabulary vocabulary() {
    return vocabulary;
  }

  /**
   * @param special its special tokens, which the file itself does not tell apart
   */
  Tokenizer tokenizer(SpecialTokens special) {
    Normalizer normalizer = HuggingFaceNormalizers.read(fields.object("normalizer"));
    var preTokenizer = HuggingFacePreTokenizers.read(fields.object("pre_tokenizer"));
    WordModel model =
        new HuggingFaceModels(fields.requiredObject("model"), vocabulary, preTokenizer.byteLevel())
            .read();
    TextModel text =
        new HuggingFaceText(
            normalizer,
            splitter(true, normalizer, Set.of()),
            preTokenizer.preTokenizer(),
            model,
            HuggingFaceDecoders.read(fields.object("decoder"), vocabulary));
    Frame found = HuggingFaceFrames.read(fields.object("post_processor"), vocabulary);
    Frame frame = found.isEmpty() ? Frame.of(special) : found;
    return new VocabularyTokenizer(
        vocabulary,
        text,
        special,
        frame,
        markers -> splitter(false, Normalizer.NONE, markers),
        notes);
  }

  private Splitter splitter(boolean normalized, Normalizer normalizer, Set<Integer> markers) {
    List<AddedToken> tokens = new ArrayList<>();
    added.stream().filter(token -> token.normalized() == normalized).forEach(tokens::add);
    for (int id : markers) {
      if (added.stream().noneMatch(token -> token.id() == id)) {
        tokens.add(new AddedToken(id, vocabulary.text(id), true, false, false, false, false));
      }
    }
    List<byte[]> texts = tokens.stream().map(token -> normalizer.normalize(token.utf8())).toList();
    return new AddedTokens(tokens, texts, markers);
  }

  private static Entries modelEntries(JsonFields model) {
    Entries entries = new Entries(model);
    switch (model.value("vocab").orElse(Map.of())) {
      case Map<?, ?> map -> map.forEach(entries::put);
      case List<?> list -> entries.putAll(list);
      default -> throw model.bad("vocab", "must be an object or a list");
    }
    return entries;
  }

  /** Tokens by id, as they come. */
  private static final class Entries {
    private final JsonFields model;
    private byte[][] texts = new byte[1024][];
    private TokenKind[] kinds = new TokenKind[1024];
    private int size;

    Entries(JsonFields model) {
      this.model = model;
    }

    /** The token with the id that the model has for its text, if it has one. */
    AddedToken known(AddedToken token) {
      return model.value("vocab").orElse(null) instanceof Map<?, ?> map
              && map.get(token.content()) instanceof Long id
          ? token.withId(id.intValue())
          : token;
    }

    void put(AddedToken token) {
      put(token.content(), (long) token.id());
      kinds[token.id()] = token.special() ? TokenKind.CONTROL : TokenKind.USER_DEFINED;
    }

    void put(Object text, Object id) {
      if (!(text instanceof String word && id instanceof Long number)) {
        throw model.bad("vocab", "must have a number for each token");
      }
      if (number < 0 || number >= MAX_TOKENS) {
        throw model.bad("vocab", "an id of " + number + " makes no sense");
      }
      int at = number.intValue();
      reserve(at + 1);
      byte[] utf8 = word.getBytes(StandardCharsets.UTF_8);
      if (texts[at] != null && !Arrays.equals(texts[at], utf8)) {
        throw model.bad("vocab", "two tokens have the id " + number);
      }
      texts[at] = utf8;
      kinds[at] = TokenKind.NORMAL;
    }

    /** Pairs of a text and a score, by id. */
    void putAll(List<?> list) {
      for (int id = 0; id < list.size(); id++) {
        if (!(list.get(id) instanceof List<?> pair
            && pair.size() == 2
            && pair.get(0) instanceof String text
            && pair.get(1) instanceof Number)) {
          throw model.bad("vocab", "must have a score for each token");
        }
        put(text, (long) id);
      }
    }

    private void reserve(int count) {
      if (count > texts.length) {
        int capacity = Math.max(count, 2 * texts.length);
        texts = Arrays.copyOf(texts, capacity);
        kinds = Arrays.copyOf(kinds, capacity);
      }
      size = Math.max(size, count);
    }

    /** Ids that no token has are unused. */
    Vocabulary vocabulary() {
      if (size == 0) {
        throw model.bad("vocab", "the vocabulary is empty");
      }
      List<byte[]> known = new ArrayList<>(size);
      for (int id = 0; id < size; id++) {
        known.add(texts[id] == null ? new byte[0] : texts[id]);
        kinds[id] = texts[id] == null ? TokenKind.UNUSED : kinds[id];
      }
      return Vocabulary.of(Vocabulary.strings(known), Arrays.copyOf(kinds, size), new float[size]);
    }
  }
}
