package io.solebox.hardware.board;

import io.solebox.hardware.board.line.Line;
import io.solebox.hardware.board.line.LineTrouble;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Deque;
import java.util.List;

/** A line to a board of the test's own making, whose answers are there at once. For one thread. */
final class ScriptedLine implements Line {
  /** What comes back for a frame; nothing where the board stays silent. */
  interface Script {
    byte[] answer(Frame question) throws LineTrouble;
  }

  private final Script script;
  private final Deque<byte[]> coming = new ArrayDeque<>();
  private final FrameDecoder decoder = new FrameDecoder();

  /** All frames that were sent. */
  final List<Frame> sent = new ArrayList<>();

  /** How often it was taken and let go of. */
  int taken;

  int freed;

  ScriptedLine(Script script) {
    this.script = script;
  }

  @Override
  public String name() {
    return "script";
  }

  @Override
  public Turn take(Duration patience) {
    taken++;
    coming.clear();
    return new Turn() {
      @Override
      public void send(byte[] bytes) throws LineTrouble {
        for (Frame each : decoder.take(bytes, bytes.length)) {
          sent.add(each);
          coming.add(script.answer(each));
        }
      }

      @Override
      public int receive(byte[] into, Duration patience) {
        byte[] next = coming.isEmpty() ? new byte[0] : coming.remove();
        int count = Math.min(next.length, into.length);
        System.arraycopy(next, 0, into, 0, count);
        if (count < next.length) {
          coming.addFirst(Arrays.copyOfRange(next, count, next.length));
        }
        return count;
      }

      @Override
      public void close() {
        freed++;
      }
    };
  }

  @Override
  public void close() {}
}
