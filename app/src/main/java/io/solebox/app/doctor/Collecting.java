package io.solebox.app.doctor;

import io.solebox.app.console.Console;
import io.solebox.app.console.LineSource;
import io.solebox.app.console.Table;
import io.solebox.engine.error.ErrorCode;
import io.solebox.engine.error.SoleboxException;
import io.solebox.hardware.box.Box;
import io.solebox.hardware.bundle.Bundles;
import io.solebox.hardware.bundle.Collector;
import io.solebox.hardware.bundle.Entry;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;

/** Captures a machine into a file, once a person has seen what it would hold. */
final class Collecting {
  private final Console console;

  Collecting(Console console) {
    this.console = console;
  }

  /**
   * Captures.
   *
   * @param yes whether nobody is asked
   * @return whether the file was written
   * @throws SoleboxException if it could not be written
   */
  boolean collect(Box box, Path file, boolean yes) {
    Collector.Capture capture = Collector.capture(box);
    show(capture, file);
    if (!yes && !isWanted()) {
      console.println("Nothing was written.");
      return false;
    }
    try {
      Bundles.write(capture.entries(), file);
    } catch (IOException e) {
      throw new SoleboxException(
          ErrorCode.IO_ERROR,
          file.toString(),
          "cannot be written: " + e.getMessage(),
          "Name a file in a folder that can be written.",
          e);
    }
    console.println("Wrote " + file + ".");
    return true;
  }

  private void show(Collector.Capture capture, Path file) {
    console.println("This is what " + file + " would hold:");
    List<List<String>> rows = new ArrayList<>();
    capture.entries().forEach((path, entry) -> rows.add(List.of(size(entry), path)));
    if (!rows.isEmpty()) {
      Table.lines(rows).forEach(console::println);
    }
    console.println("Stand-ins, the same for the same thing:");
    capture.replaced().forEach((kind, count) -> console.println("%6d  %s".formatted(count, kind)));
  }

  private static String size(Entry entry) {
    return switch (entry) {
      case Entry.Bytes(byte[] bytes) -> String.format(Locale.ROOT, "%10d", bytes.length);
      case Entry.Link _ -> "      link";
    };
  }

  private boolean isWanted() {
    console.print("Write it? [y/N] ");
    return LineSource.piped(console).read() instanceof LineSource.Line.Text(String answer)
        && answer.strip().matches("(?i)y|yes");
  }
}
