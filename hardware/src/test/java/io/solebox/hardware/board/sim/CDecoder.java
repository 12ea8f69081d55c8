package io.solebox.hardware.board.sim;

import static java.lang.foreign.ValueLayout.JAVA_BYTE;

import io.solebox.hardware.answer.Said;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.SymbolLookup;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;

/** The board's own decoder of frames, in C. */
public final class CDecoder implements AutoCloseable {
  private static final int CHUNK = 4096;
  private static final int ROOM = CHUNK * 32;

  private final Arena arena = Arena.ofConfined();
  private final SimCalls calls = new SimCalls(library(arena));
  private final MemorySegment decoder = arena.allocate(calls.callInt("probe_decoder_size"), 8);
  private final MemorySegment in = arena.allocate(CHUNK);
  private final MemorySegment out = arena.allocate(ROOM);

  static SymbolLookup library(Arena arena) {
    return switch (BoardLibrary.load(arena)) {
      case Said.Yes<SymbolLookup>(SymbolLookup symbols) -> symbols;
      case Said.No<SymbolLookup>(String why) -> throw new AssertionError(why);
    };
  }

  /** A frame, written by the board's own code. */
  public byte[] encoded(int type, int sequence, byte... payload) {
    MemorySegment.copy(payload, 0, in, JAVA_BYTE, 0, payload.length);
    int length = calls.callInt("probe_encode", type, sequence, in, payload.length, out);
    return out.asSlice(0, length).toArray(JAVA_BYTE);
  }

  /** Takes bytes; the frames in them as version.type.sequence.payload in hexadecimal. */
  public List<String> take(byte[] bytes) {
    return decode(bytes, false);
  }

  /** Takes bytes, and that the line is quiet behind them. */
  public List<String> takeThenQuiet(byte[] bytes) {
    return decode(bytes, true);
  }

  private List<String> decode(byte[] bytes, boolean quiet) {
    List<String> found = new ArrayList<>();
    for (int at = 0; at == 0 || at < bytes.length; at += CHUNK) {
      int length = Math.min(CHUNK, bytes.length - at);
      MemorySegment.copy(bytes, at, in, JAVA_BYTE, 0, length);
      int silence = quiet && at + length == bytes.length ? 1 : 0;
      int written = calls.callInt("probe_decode", decoder, in, length, silence, out, ROOM);
      addFrames(out.asSlice(0, written).toArray(JAVA_BYTE), found);
    }
    return found;
  }

  private static void addFrames(byte[] written, List<String> found) {
    HexFormat hex = HexFormat.of();
    for (int at = 0; at < written.length; ) {
      int end = at + 4 + (written[at + 3] & 0xff);
      found.add(
          "%02x.%02x.%02x.%s"
              .formatted(
                  written[at],
                  written[at + 1],
                  written[at + 2],
                  hex.formatHex(written, at + 4, end)));
      at = end;
    }
  }

  public int good() {
    return count(0);
  }

  public int bad() {
    return count(1);
  }

  public int skipped() {
    return count(2);
  }

  public int held() {
    return count(3);
  }

  private int count(int which) {
    return calls.callInt("probe_decoder_count", decoder, which);
  }

  @Override
  public void close() {
    arena.close();
  }
}
