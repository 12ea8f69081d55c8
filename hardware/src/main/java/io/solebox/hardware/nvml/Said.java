package io.solebox.hardware.nvml;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;

/** Lines on their way from one thread to another, and that there are no more. */
final class Said {
  /** No line has a line's end. */
  private static final String OVER = "\n";

  private final BlockingQueue<String> lines = new LinkedBlockingQueue<>();

  void add(String line) {
    lines.add(line);
  }

  void over() {
    lines.add(OVER);
  }

  /** The next lines up to {@link Lines#END}; empty if that is not there in time. */
  Optional<List<String>> answer(Duration patience) throws InterruptedException {
    long end = System.nanoTime() + patience.toNanos();
    List<String> answer = new ArrayList<>();
    while (true) {
      Optional<String> line =
          Optional.ofNullable(lines.poll(end - System.nanoTime(), TimeUnit.NANOSECONDS));
      if (line.isEmpty() || line.get().equals(OVER)) {
        return Optional.empty();
      }
      if (line.get().equals(Lines.END)) {
        return Optional.of(answer);
      }
      answer.add(line.get());
    }
  }
}
