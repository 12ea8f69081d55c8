package io.solebox.engine.tokenizer;

import io.solebox.engine.regex.Regex;
import io.solebox.engine.tokenizer.normalize.Normalizer;
import io.solebox.engine.tokenizer.normalize.Normalizers;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;

/**
 * Reads the decoder of tokenizer.json (huggingface/tokenizers: decoders). All that models of
 * language have can be done token by token, save for the space at one end.
 */
final class HuggingFaceDecoders {
  private static final String MARK = "\u2581";

  /** English as people space it; what follows a space in front of signs and endings. */
  private static final List<String> TIDIED =
      List.of(".", "?", "!", ",", "' ", "n't", "'m", "'s", "'ve", "'re");

  private Normalizer rule = Normalizer.NONE;
  private boolean prefix;
  private boolean suffix;

  /** Whether tokens are one text from here on. */
  private boolean fused;

  private HuggingFaceDecoders() {}

  /** Without one, there is a space between tokens. */
  static TokenDecoder read(Optional<JsonFields> fields, Vocabulary vocabulary) {
    HuggingFaceDecoders decoders = new HuggingFaceDecoders();
    if (fields.isPresent()) {
      decoders.add(fields.get());
    } else {
      decoders.rule = Normalizers.prepend(" ");
      decoders.prefix = true;
    }
    return new TokenDecoder(vocabulary, decoders.rule, decoders.prefix, decoders.suffix);
  }

  private void add(JsonFields fields) {
    switch (fields.type()) {
      case "Sequence" -> fields.objects("decoders").forEach(this::add);
      case "ByteLevel" -> rule = rule.then(ByteLevel::bytes);
      case "ByteFallback" -> rule = rule.then(HuggingFaceDecoders::byteOf);
      case "Fuse" -> fused = true;
      case "Replace" ->
          rule =
              rule.then(
                  Normalizers.replace(
                      HuggingFacePreTokenizers.pattern(fields), fields.requiredText("content")));
      case "Metaspace" -> {
        String mark = fields.text("replacement").orElse(MARK);
        rule = rule.then(Normalizers.replace(Regex.literal(mark), " "));
        prefix =
            !fields.text("prepend_scheme").orElse("always").equals("never")
                && fields.flag("add_prefix_space", true);
      }
      case "WordPiece" -> addWordPiece(fields);
      case "BPEDecoder" -> {
        String end = fields.text("suffix").orElse("</w>");
        rule = rule.then(Normalizers.replace(Regex.literal(end), " "));
        suffix = true;
      }
      case "Strip" -> addStrip(fields);
      default ->
          throw fields.unsupported("type", "the decoder " + fields.type() + " is not supported");
    }
  }

  private void addWordPiece(JsonFields fields) {
    byte[] further = fields.text("prefix").orElse("##").getBytes(StandardCharsets.UTF_8);
    Normalizer space = Normalizers.prepend(" ");
    rule =
        rule.then(
            text ->
                startsWith(text, further)
                    ? Arrays.copyOfRange(text, further.length, text.length)
                    : space.normalize(text));
    prefix = true;
    if (fields.flag("cleanup", true)) {
      rule = rule.then(HuggingFaceDecoders::tidy);
    }
  }

  private static boolean startsWith(byte[] text, byte[] prefix) {
    return text.length >= prefix.length
        && Arrays.equals(text, 0, prefix.length, prefix, 0, prefix.length);
  }

  private static byte[] tidy(byte[] text) {
    String tidied = new String(text, StandardCharsets.UTF_8);
    for (String sign : TIDIED) {
      tidied = tidied.replace(" " + sign, sign.strip());
    }
    return tidied.getBytes(StandardCharsets.UTF_8);
  }

  /** Spaces at the beginning of the whole text; of single tokens only where nothing is stripped. */
  private void addStrip(JsonFields fields) {
    int start = fields.number("start").orElse(0);
    int stop = fields.number("stop").orElse(0);
    boolean one = fused && start <= 1 && stop == 0 && fields.requiredText("content").equals(" ");
    if (!one && (start != 0 || stop != 0)) {
      throw fields.unsupported("start", "only one space at the beginning can be stripped");
    }
    prefix |= start == 1;
  }

  private static byte[] byteOf(byte[] text) {
    boolean named = text.length == 6 && text[0] == '<' && text[1] == '0' && text[2] == 'x';
    boolean digits =
        named && Character.digit(text[3], 16) >= 0 && Character.digit(text[4], 16) >= 0;
    return digits && text[5] == '>'
        ? new byte[] {ByteTokens.value(new String(text, StandardCharsets.UTF_8))}
        : text;
  }
}
