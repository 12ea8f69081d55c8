package io.solebox.hardware.board;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/**
 * Finds frames in whatever a line brings. It believes nothing that it cannot check: where something
 * is no frame it lets go of one byte and looks again in all that it holds, so that a frame that was
 * cut swallows no whole one behind it. For one reader.
 *
 * <p>Written from the table in {@code docs/board.md}, and held to the board's own decoder by {@code
 * firmware/vectors/frames.tsv}.
 */
final class FrameDecoder {
  private final byte[] window = new byte[Frame.MOST];
  private int held;
  private long good;
  private long bad;
  private long skipped;

  /** What the bytes held so far begin with. */
  private enum Look {
    /** No frame. */
    NOTHING,
    /** What says that it is a frame, and is not. */
    BROKEN,
    /** Perhaps a frame. */
    BEGUN,
    WHOLE
  }

  /**
   * Takes what the line has brought.
   *
   * @return the frames that it completes, of whatever version
   */
  List<Frame> take(byte[] bytes, int count) {
    List<Frame> found = new ArrayList<>();
    for (int i = 0; i < count; i++) {
      window[held++] = bytes[i];
      drain(found);
    }
    return found;
  }

  /**
   * Takes that the line is quiet: what has begun will not be completed.
   *
   * @return frames behind its first byte
   */
  List<Frame> quiet() {
    List<Frame> found = new ArrayList<>();
    while (held > 0) {
      if (held >= Frame.MAGIC.length) {
        bad++;
      }
      letGo();
      drain(found);
    }
    return found;
  }

  /** Leaves nothing in the window but what may become a frame. */
  private void drain(List<Frame> found) {
    while (held > 0) {
      switch (look()) {
        case NOTHING -> letGo();
        case BROKEN -> {
          bad++;
          letGo();
        }
        case BEGUN -> {
          return;
        }
        case WHOLE -> {
          good++;
          found.add(first());
          drop(length());
        }
      }
    }
  }

  private Look look() {
    for (int i = 0; i < Math.min(held, Frame.MAGIC.length); i++) {
      if (window[i] != Frame.MAGIC[i]) {
        return Look.NOTHING;
      }
    }
    if (held < Frame.HEADER) {
      return Look.BEGUN;
    }
    if (payload() > Frame.MOST_PAYLOAD) {
      return Look.BROKEN;
    }
    if (held < length()) {
      return Look.BEGUN;
    }
    int at = length() - Frame.CRC;
    int told = (window[at] & 0xff) | (window[at + 1] & 0xff) << 8;
    return told == Crc16.of(window, 0, at) ? Look.WHOLE : Look.BROKEN;
  }

  private int payload() {
    return window[Frame.LENGTH_AT] & 0xff;
  }

  private int length() {
    return Frame.HEADER + payload() + Frame.CRC;
  }

  private Frame first() {
    return new Frame(
        window[2] & 0xff,
        window[3] & 0xff,
        window[4] & 0xff,
        Arrays.copyOfRange(window, Frame.HEADER, Frame.HEADER + payload()));
  }

  private void letGo() {
    skipped++;
    drop(1);
  }

  private void drop(int count) {
    held -= count;
    System.arraycopy(window, count, window, 0, held);
  }

  /** Whole frames so far. */
  long good() {
    return good;
  }

  /** What said that it was a frame, and had another length or CRC. */
  long bad() {
    return bad;
  }

  /** Bytes that were in no frame. */
  long skipped() {
    return skipped;
  }
}
