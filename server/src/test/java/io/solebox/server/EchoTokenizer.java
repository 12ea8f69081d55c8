package io.solebox.server;

import io.solebox.engine.tokenizer.MiddleTokens;
import io.solebox.engine.tokenizer.Segment;
import io.solebox.engine.tokenizer.SegmentEncoder;
import io.solebox.engine.tokenizer.StreamingDecoder;
import io.solebox.engine.tokenizer.Tokenizer;
import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.Set;
import java.util.stream.Collectors;

/** One token per byte, and one that ends an answer. */
final class EchoTokenizer implements Tokenizer {
  static final int END = 256;

  @Override
  public int vocabSize() {
    return END + 1;
  }

  @Override
  public int[] encode(String text, Specials specials, boolean addBosEos) {
    byte[] bytes = text.getBytes(StandardCharsets.UTF_8);
    int[] ids = new int[bytes.length];
    for (int i = 0; i < ids.length; i++) {
      ids[i] = Byte.toUnsignedInt(bytes[i]);
    }
    return ids;
  }

  @Override
  public SegmentEncoder segmentEncoder(String template) {
    return segments ->
        encode(
            segments.stream().map(Segment::text).collect(Collectors.joining()),
            Specials.AS_TEXT,
            false);
  }

  @Override
  public Map<String, Integer> namedTokens() {
    return Map.of("eos_token", END);
  }

  @Override
  public String decode(int[] ids, boolean showSpecials) {
    StreamingDecoder decoder = streamingDecoder(showSpecials);
    StringBuilder text = new StringBuilder();
    for (int id : ids) {
      text.append(decoder.accept(id));
    }
    return text.append(decoder.finish()).toString();
  }

  @Override
  public StreamingDecoder streamingDecoder(boolean showSpecials) {
    return new StreamingDecoder() {
      private final ByteArrayOutputStream open = new ByteArrayOutputStream();

      @Override
      public String accept(int id) {
        open.write(id);
        return complete() ? finish() : "";
      }

      private boolean complete() {
        byte[] bytes = open.toByteArray();
        int lead = Byte.toUnsignedInt(bytes[0]);
        int length = lead < 0x80 ? 1 : lead >= 0xf0 ? 4 : lead >= 0xe0 ? 3 : 2;
        return bytes.length >= length;
      }

      @Override
      public String finish() {
        String text = open.toString(StandardCharsets.UTF_8);
        open.reset();
        return text;
      }
    };
  }

  @Override
  public byte[] tokenBytes(int id) {
    return id == END ? "<|end|>".getBytes(StandardCharsets.UTF_8) : new byte[] {(byte) id};
  }

  @Override
  public String tokenText(int id) {
    return new String(tokenBytes(id), StandardCharsets.ISO_8859_1);
  }

  @Override
  public boolean isSpecial(int id) {
    return id == END;
  }

  @Override
  public OptionalInt bos() {
    return OptionalInt.empty();
  }

  @Override
  public OptionalInt eos() {
    return OptionalInt.of(END);
  }

  @Override
  public Optional<MiddleTokens> middleTokens() {
    return Optional.of(new MiddleTokens(1, '\n', 2));
  }

  @Override
  public boolean addsBos() {
    return false;
  }

  @Override
  public Set<Integer> endOfGeneration() {
    return Set.of(END);
  }
}
