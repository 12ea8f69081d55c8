package io.solebox.app.doctor;

import io.solebox.app.console.Console;
import io.solebox.app.console.Wrapped;
import io.solebox.hardware.doctor.Check;
import java.util.List;

/** What one check is about, for people. */
final class Explanation {
  private static final int INDENT = 11;

  private final Console console;

  Explanation(Console console) {
    this.console = console;
  }

  void print(Check check) {
    console.println(check.id() + ": " + check.title());
    part("reads", String.join(", ", check.reads()));
    part("rule", check.rule());
    part("do", check.remedy());
    if (!check.explains().isEmpty()) {
      part("explains", String.join(", ", check.explains().stream().sorted().toList()));
    }
  }

  private void part(String name, String text) {
    List<String> lines = Wrapped.lines(text, INDENT);
    console.println("  %-9s%s".formatted(name, lines.getFirst()));
    lines.stream().skip(1).forEach(line -> console.println(" ".repeat(INDENT) + line));
  }
}
