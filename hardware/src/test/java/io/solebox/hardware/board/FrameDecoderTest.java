package io.solebox.hardware.board;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.List;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;

class FrameDecoderTest {
  private static final Frame STATUS = Frame.of(LinkType.STATUS, 7, new byte[] {1, 2, 3});
  private static final Frame INFO = Frame.of(LinkType.INFO, 8, new byte[] {0x53, (byte) 0xb0, 4});

  private static byte[] joined(byte[]... parts) {
    var all = new ByteArrayOutputStream();
    for (byte[] each : parts) {
      all.writeBytes(each);
    }
    return all.toByteArray();
  }

  private static byte[] cut(byte[] bytes, int to) {
    return Arrays.copyOf(bytes, to);
  }

  @Test
  void theCrcHasItsCheckValue() {
    byte[] digits = "123456789".getBytes(StandardCharsets.US_ASCII);
    assertEquals(0x29b1, Crc16.of(digits, 0, digits.length));
  }

  @Test
  void aFrameIsWrittenAsTheTableSays() {
    assertEquals(
        "53b001020100bfb5", HexFormat.of().formatHex(Frame.of(LinkType.GET_STATUS, 1).bytes()));
  }

  @Test
  void framesAreFoundBehindNoiseAndOneAnother() {
    var decoder = new FrameDecoder();
    byte[] stream = joined(new byte[] {0, 0x53, 0x53}, STATUS.bytes(), INFO.bytes(), new byte[4]);
    assertEquals(List.of(STATUS, INFO), decoder.take(stream, stream.length));
    assertEquals(2, decoder.good());
    assertEquals(0, decoder.bad());
    assertEquals(7, decoder.skipped());
  }

  @Test
  void aCutFrameSwallowsNoWholeOneBehindIt() {
    for (int length = 1; length < STATUS.bytes().length; length++) {
      var decoder = new FrameDecoder();
      byte[] stream = joined(cut(STATUS.bytes(), length), INFO.bytes());
      List<Frame> found = new ArrayList<>(decoder.take(stream, stream.length));
      found.addAll(decoder.quiet());
      assertEquals(List.of(INFO), found, "cut after " + length);
      assertEquals(length, decoder.skipped(), "cut after " + length);
    }
  }

  @Test
  void oneChangedBitIsNoFrame() {
    byte[] whole = INFO.bytes();
    for (int bit = 0; bit < 8 * whole.length; bit++) {
      byte[] changed = whole.clone();
      changed[bit / 8] ^= (byte) (1 << bit % 8);
      var decoder = new FrameDecoder();
      List<Frame> found = new ArrayList<>(decoder.take(changed, changed.length));
      found.addAll(decoder.quiet());
      assertEquals(List.of(), found, "bit " + bit);
    }
  }

  @Test
  void framesOfOtherVersionsAreFoundAndSaySo() {
    var later = new Frame(9, LinkType.STATUS, 1, new byte[2]);
    assertEquals(List.of(later), new FrameDecoder().take(later.bytes(), later.bytes().length));
  }

  /** A million pieces, most of which begin as frames do; true ones among them are all found. */
  @Test
  void aMillionHostileFramesLoseNoWholeOne() {
    var random = new SplittableRandom(21);
    var decoder = new FrameDecoder();
    long whole = 0;
    long found = 0;
    long bytes = 0;
    for (int i = 0; i < 1_000_000; i++) {
      byte[] piece = hostile(random);
      bytes += piece.length;
      found += decoder.take(piece, piece.length).size();
      found += decoder.quiet().size();
      if (i % 16 == 0) {
        Frame frame = Frame.of(random.nextInt(256), random.nextInt(256), random(random, 0, 40));
        bytes += frame.bytes().length;
        found += decoder.take(frame.bytes(), frame.bytes().length).size();
        whole++;
      }
    }
    // Of a million, some are right by chance: a CRC has 16 bits.
    assertTrue(found >= whole && found < whole + 200, found + " of " + whole);
    assertEquals(found, decoder.good());
    assertTrue(decoder.bad() > 500_000, "bad " + decoder.bad());
    assertTrue(decoder.skipped() < bytes);
  }

  private static byte[] random(SplittableRandom random, int least, int most) {
    byte[] bytes = new byte[random.nextInt(least, most + 1)];
    random.nextBytes(bytes);
    return bytes;
  }

  private static byte[] hostile(SplittableRandom random) {
    byte[] frame =
        Frame.of(random.nextInt(256), random.nextInt(256), random(random, 0, 48)).bytes();
    switch (random.nextInt(5)) {
      case 0 -> frame[Frame.LENGTH_AT] ^= (byte) (1 + random.nextInt(255));
      case 1 -> frame[frame.length - 1] ^= (byte) (1 + random.nextInt(255));
      case 2 -> {
        return cut(frame, random.nextInt(1, frame.length));
      }
      case 3 -> {
        return joined(Frame.MAGIC, random(random, 0, 30));
      }
      default -> frame[random.nextInt(2, frame.length)] ^= (byte) (1 + random.nextInt(255));
    }
    return frame;
  }
}
