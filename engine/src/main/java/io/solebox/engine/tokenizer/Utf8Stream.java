package io.solebox.engine.tokenizer;

import java.nio.ByteBuffer;
import java.nio.CharBuffer;
import java.nio.charset.CharsetDecoder;
import java.nio.charset.CodingErrorAction;
import java.nio.charset.StandardCharsets;

/** Joins the bytes of tokens to characters; holds at most the 3 bytes of an unfinished one. */
final class Utf8Stream implements StreamingDecoder {
  /** Gives the bytes that an id shows. */
  interface Pieces {
    byte[] of(int id);
  }

  private final Pieces pieces;
  private final CharsetDecoder decoder =
      StandardCharsets.UTF_8
          .newDecoder()
          .onMalformedInput(CodingErrorAction.REPLACE)
          .onUnmappableCharacter(CodingErrorAction.REPLACE);
  private byte[] pending = {};

  Utf8Stream(Pieces pieces) {
    this.pieces = pieces;
  }

  @Override
  public String accept(int id) {
    return decode(pieces.of(id), false);
  }

  @Override
  public String finish() {
    return decode(new byte[0], true);
  }

  private String decode(byte[] bytes, boolean atEnd) {
    ByteBuffer in = ByteBuffer.allocate(pending.length + bytes.length).put(pending).put(bytes);
    in.flip();
    // Every byte gives at most one char.
    CharBuffer out = CharBuffer.allocate(in.remaining() + 1);
    decoder.decode(in, out, atEnd);
    pending = new byte[in.remaining()];
    in.get(pending);
    if (atEnd) {
      decoder.flush(out);
      decoder.reset();
    }
    return out.flip().toString();
  }
}
