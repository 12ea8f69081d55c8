package io.solebox.engine.tokenizer;

import io.solebox.engine.tokenizer.normalize.Charsmap;
import io.solebox.engine.tokenizer.normalize.Normalizer;
import io.solebox.engine.tokenizer.normalize.Normalizers;
import java.text.Normalizer.Form;
import java.util.Base64;
import java.util.Optional;

/** Reads the normalizers of tokenizer.json (huggingface/tokenizers: normalizers). */
final class HuggingFaceNormalizers {
  private HuggingFaceNormalizers() {}

  static Normalizer read(Optional<JsonFields> fields) {
    return fields.map(HuggingFaceNormalizers::read).orElse(Normalizer.NONE);
  }

  private static Normalizer read(JsonFields fields) {
    return switch (fields.type()) {
      case "Sequence" ->
          fields.objects("normalizers").stream()
              .map(HuggingFaceNormalizers::read)
              .reduce(Normalizer.NONE, Normalizer::then);
      case "NFC" -> Normalizers.unicode(Form.NFC);
      case "NFD" -> Normalizers.unicode(Form.NFD);
      case "NFKC" -> Normalizers.unicode(Form.NFKC);
      case "NFKD" -> Normalizers.unicode(Form.NFKD);
      case "Lowercase" -> Normalizers.lowercase();
      case "StripAccents" -> Normalizers.stripMarks();
      case "Nmt" -> Normalizers.nmt();
      case "Strip" ->
          Normalizers.strip(fields.flag("strip_left", true), fields.flag("strip_right", true));
      case "Prepend" -> Normalizers.prepend(fields.requiredText("prepend"));
      case "Replace" ->
          Normalizers.replace(
              HuggingFacePreTokenizers.pattern(fields), fields.requiredText("content"));
      case "BertNormalizer" -> bert(fields);
      case "Precompiled" -> Normalizers.precompiled(charsmap(fields));
      case "ByteLevel" -> ByteLevel::letters;
      default ->
          throw fields.unsupported("type", "the normalizer " + fields.type() + " is not supported");
    };
  }

  private static Normalizer bert(JsonFields fields) {
    boolean lowercases = fields.flag("lowercase", true);
    return new Normalizers.Bert(
            fields.flag("clean_text", true),
            fields.flag("handle_chinese_chars", true),
            fields.flag("strip_accents", lowercases),
            lowercases)
        .normalizer();
  }

  private static Charsmap charsmap(JsonFields fields) {
    String field = "precompiled_charsmap";
    try {
      return Charsmap.of(Base64.getDecoder().decode(fields.requiredText(field)))
          .orElseThrow(
              () -> fields.bad(field, "the rules are cut short or no rules of SentencePiece"));
    } catch (IllegalArgumentException e) {
      throw fields.bad(field, "is not Base64: " + e.getMessage());
    }
  }
}
