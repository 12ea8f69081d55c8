package io.solebox.engine.error;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import org.junit.jupiter.api.Test;

class PrintableTest {
  @Test
  void whatCommandsATerminalIsShown() {
    assertEquals("ü 😀", Printable.line("ü 😀"));
    assertEquals("a\\nb\\x1b[31m\\x9b\\x7fc", Printable.line("a\nb\u001b[31m\u009b\u007fc"));
    assertEquals("\\u202egnp.exe", Printable.line("\u202egnp.exe"));
    assertEquals("a\n\tb\\x0d", Printable.text("a\n\tb\r"));
  }

  @Test
  void namesEndBetweenCharacters() {
    assertEquals("x".repeat(200), Printable.name("x".repeat(200)));
    assertEquals("😀".repeat(200) + "...", Printable.name("😀".repeat(201)));
  }

  @Test
  void anErrorIsOneLineWithSomethingToDo() {
    var error =
        new SoleboxException(ErrorCode.IO_ERROR, "a\u001bb", "It is broken\nhere", "Mend it.");
    assertEquals("a\\x1bb: It is broken\\nhere. Mend it. [io_error]", error.describe());
    assertThrows(
        AssertionError.class,
        () -> new SoleboxException(ErrorCode.IO_ERROR, "", "No way out.", " "));
  }
}
