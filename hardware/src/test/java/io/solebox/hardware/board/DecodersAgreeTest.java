package io.solebox.hardware.board;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.solebox.hardware.board.sim.CDecoder;
import io.solebox.hardware.board.sim.FrameVectors;
import io.solebox.hardware.board.sim.FrameVectors.Row;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.List;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;

/** Both decoders find the same, in what was written down and in whatever else. */
class DecodersAgreeTest {
  private static final int PIECES_AT_ONCE = 40;

  private static String written(Frame frame) {
    return "%02x.%02x.%02x.%s"
        .formatted(
            frame.version(),
            frame.type(),
            frame.sequence(),
            HexFormat.of().formatHex(frame.payload()));
  }

  private static List<String> decoded(FrameDecoder decoder, byte[] bytes, boolean quiet) {
    List<Frame> found = new ArrayList<>(decoder.take(bytes, bytes.length));
    if (quiet) {
      found.addAll(decoder.quiet());
    }
    return found.stream().map(DecodersAgreeTest::written).toList();
  }

  @Test
  void javaFindsWhatTheVectorsHave() throws IOException {
    for (Row row : FrameVectors.rows()) {
      var decoder = new FrameDecoder();
      List<String> found = new ArrayList<>();
      for (int i = 0; i < row.parts().size(); i++) {
        found.addAll(decoded(decoder, row.parts().get(i), i < row.parts().size() - 1));
      }
      assertEquals(row.frames(), found, row.name());
      assertEquals(row.frames().size(), decoder.good(), row.name());
      assertEquals(row.bad(), decoder.bad(), row.name());
      assertEquals(row.skipped(), decoder.skipped(), row.name());
    }
  }

  /** Pieces behind one another without a silence, too, so that each is in the way of the next. */
  @Test
  void aMillionHostilePiecesAreTheSameToBoth() {
    var random = new SplittableRandom(42);
    var java = new FrameDecoder();
    long frames = 0;
    try (var c = new CDecoder()) {
      for (int i = 0; i < 1_000_000; i += PIECES_AT_ONCE) {
        var stream = new ByteArrayOutputStream();
        for (int piece = 0; piece < PIECES_AT_ONCE; piece++) {
          stream.writeBytes(hostile(random));
        }
        boolean quiet = random.nextInt(3) == 0;
        byte[] bytes = stream.toByteArray();
        List<String> expected = decoded(java, bytes, quiet);
        assertEquals(expected, quiet ? c.takeThenQuiet(bytes) : c.take(bytes), "from piece " + i);
        frames += expected.size();
      }
      assertEquals(java.good(), c.good());
      assertEquals(java.bad(), c.bad());
      assertEquals(java.skipped(), c.skipped());
    }
    assertTrue(frames > 200_000, "frames " + frames);
  }

  /** A frame that is whole, changed, or cut in front or behind; or noise that begins as one. */
  private static byte[] hostile(SplittableRandom random) {
    byte[] payload = new byte[random.nextInt(8) == 0 ? random.nextInt(193) : random.nextInt(12)];
    random.nextBytes(payload);
    byte[] frame = Frame.of(random.nextInt(256), random.nextInt(256), payload).bytes();
    switch (random.nextInt(5)) {
      case 0 -> {
        return frame;
      }
      case 1 -> {
        frame[random.nextInt(frame.length)] ^= (byte) (1 << random.nextInt(8));
        return frame;
      }
      case 2 -> {
        return Arrays.copyOf(frame, random.nextInt(frame.length));
      }
      case 3 -> {
        return Arrays.copyOfRange(frame, random.nextInt(frame.length), frame.length);
      }
      default -> {
        byte[] noise = new byte[random.nextInt(9)];
        random.nextBytes(noise);
        System.arraycopy(Frame.MAGIC, 0, noise, 0, Math.min(2, noise.length));
        return noise;
      }
    }
  }
}
