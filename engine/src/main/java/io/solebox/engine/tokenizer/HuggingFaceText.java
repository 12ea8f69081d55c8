package io.solebox.engine.tokenizer;

import io.solebox.engine.tokenizer.Tokenizer.Specials;
import io.solebox.engine.tokenizer.normalize.Normalizer;
import java.util.Arrays;

/**
 * What tokenizer.json does to the text between added tokens: it is normalized, searched for the
 * added tokens of normalized text, split into words, and these are encoded.
 */
record HuggingFaceText(
    Normalizer normalizer,
    Splitter normalizedTokens,
    PreTokenizer preTokenizer,
    WordModel model,
    TokenDecoder decoder)
    implements TextModel {
  @Override
  public void encode(byte[] utf8, int from, int to, Place place, IntList out) {
    Utf8.Stretch stretch = Utf8.wellFormed(utf8, from, to);
    byte[] text =
        normalizer.normalize(Arrays.copyOfRange(stretch.utf8(), stretch.from(), stretch.to()));
    PreTokenizer.Words words = model.encoder(out);
    ParsedText parsed = ParsedText.of(text, place.parsed() ? Specials.PARSE : Specials.AS_TEXT);
    for (Splitter.Fragment fragment : normalizedTokens.split(parsed)) {
      switch (fragment) {
        case Splitter.Fragment.Special(int id) -> out.add(id);
        case Splitter.Fragment.Text(int start, int end) ->
            preTokenizer.split(text, start, end, place.atStart() && start == 0, words);
      }
    }
  }

  @Override
  public byte[] bytes(int id) {
    return decoder.bytes(id);
  }

  @Override
  public boolean addsSpacePrefix() {
    return decoder.addsSpacePrefix();
  }

  @Override
  public boolean addsSpaceSuffix() {
    return decoder.addsSpaceSuffix();
  }
}
