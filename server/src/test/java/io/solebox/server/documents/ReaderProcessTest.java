package io.solebox.server.documents;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.solebox.engine.error.ErrorCode;
import io.solebox.engine.error.SoleboxException;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.OptionalInt;
import java.util.concurrent.FutureTask;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/**
 * What becomes of documents whose reader does what it should not, played by shell scripts. The real
 * one is tested where it is built.
 */
@Timeout(60)
class ReaderProcessTest {
  private static final String READY = "printf 'R\\000\\000\\000\\000'; ";
  private static final String END = "printf 'E\\000\\000\\000\\000'; ";

  /** Eats a document of three bytes: a header, a frame, the end. */
  private static final String EAT = "head -c 18 >/dev/null; ";

  private static final DocumentLimits PATIENT = limits(Duration.ofSeconds(50));
  private static final DocumentLimits HASTY = limits(Duration.ofMillis(300));

  @TempDir private Path folder;

  private static DocumentLimits limits(Duration silence) {
    return new DocumentLimits(
        100_000, 5000, 1L << 30, Duration.ofSeconds(55), silence, Duration.ofSeconds(1));
  }

  private static ReaderProcess script(DocumentLimits limits, String script) {
    return new ReaderProcess(List.of("/bin/sh", "-c", script), limits);
  }

  private static DocumentText read(DocumentReader reader, String content)
      throws InterruptedException {
    return reader.read("a.pdf", new ByteArrayInputStream(content.getBytes(UTF_8)));
  }

  private static SoleboxException failure(DocumentLimits limits, String script) {
    try (var reader = script(limits, script)) {
      return assertThrows(SoleboxException.class, () -> read(reader, "abc"));
    }
  }

  private static void assertBad(String message, SoleboxException failure) {
    assertEquals(ErrorCode.BAD_DOCUMENT, failure.code(), failure::describe);
    assertTrue(failure.getMessage().contains(message), failure::describe);
    assertEquals("a.pdf", failure.place());
  }

  @Test
  void whatItSaysBecomesSections() throws InterruptedException {
    // A section on page 2 under "Top", two pieces, a section without text, a note.
    String said =
        "printf 'T\\000\\000\\000\\004epub'; printf"
            + " 'S\\000\\000\\000\\017\\000\\000\\000\\002\\000\\000\\000\\001\\000\\000\\000\\003Top';"
            + " printf 't\\000\\000\\000\\002abt\\000\\000\\000\\001c'; printf"
            + " 'S\\000\\000\\000\\010\\000\\000\\000\\000\\000\\000\\000\\000'; printf"
            + " 'N\\000\\000\\000\\004note'; ";
    String twice = READY + EAT + said + END;
    try (var reader = script(PATIENT, twice + twice)) {
      for (int i = 0; i < 2; i++) {
        DocumentText text = read(reader, "abc");
        var place = new Place(OptionalInt.of(2), List.of("Top"));
        assertEquals(List.of(new Section(place, "abc")), text.sections());
        assertEquals(
            List.of("Its name says that it is a PDF, but it is an EPUB.", "note"), text.notes());
      }
    }
  }

  @Test
  void aRefusalIsTheDocumentsAndTheProcessGoesOn() {
    String refusal =
        "printf 'X\\000\\000\\000\\015\\000\\000\\000\\002No\\000\\000\\000\\003Do.'; ";
    String once = READY + EAT + refusal;
    try (var reader = script(PATIENT, once + once + "exit 9")) {
      for (int i = 0; i < 2; i++) {
        var refused = assertThrows(SoleboxException.class, () -> read(reader, "abc"));
        assertBad("No", refused);
        assertEquals("Do.", refused.remedy());
      }
    }
  }

  @Test
  void whoeverHangsIsEnded() {
    assertBad("longer than", failure(HASTY, READY + "exec sleep 100"));
    assertBad("longer than", failure(HASTY, READY + EAT + "exec sleep 100"));
  }

  @Test
  void whoeverTalksRubbishIsEnded() {
    assertBad(
        "a frame of", failure(PATIENT, READY + EAT + "printf 'hello, world'; exec sleep 100"));
    assertBad(
        "of the kind",
        failure(PATIENT, READY + EAT + "printf 'Q\\000\\000\\000\\000'; exec sleep 100"));
    assertBad(
        "a text of",
        failure(
            PATIENT,
            READY + EAT + "printf 'X\\000\\000\\000\\004\\177\\177\\177\\177'; exec sleep 100"));
  }

  @Test
  void whoeverEndsIsToldByHow() {
    assertBad("it ended with 7", failure(PATIENT, READY + EAT + "exit 7"));
    assertBad("more than 1024 MiB of memory", failure(PATIENT, READY + EAT + "exit 3"));
    assertBad("it ended with 0", failure(PATIENT, READY + EAT + "printf 'E\\000'"));
  }

  @Test
  void endlessTextIsRefused() {
    String endless =
        "while :; do printf"
            + " 'S\\000\\000\\000\\010\\000\\000\\000\\000\\000\\000\\000\\000t\\000\\000\\000\\003abc';"
            + " done";
    assertBad("more than 5,000 characters", failure(PATIENT, READY + EAT + endless));
  }

  @Test
  void whoeverDoesNotStartIsTheMachinesFault() {
    var none = new ReaderProcess(List.of("/no/such/java"), PATIENT);
    assertEquals(
        ErrorCode.IO_ERROR, assertThrows(SoleboxException.class, () -> read(none, "a")).code());
    var silent = failure(HASTY, "exec sleep 100");
    assertEquals(ErrorCode.IO_ERROR, silent.code());
    var wordy = failure(PATIENT, "echo there is no such class >&2; exit 1");
    assertEquals(ErrorCode.IO_ERROR, wordy.code());
  }

  @Test
  void afterAFailureTheNextDocumentHasAProcessOfItsOwn() throws Exception {
    Path mark = folder.resolve("mark");
    String once =
        "if [ -e %s ]; then %s%s%s else : >%s; %s exit 7; fi"
            .formatted(mark, READY, EAT, END, mark, READY);
    try (var reader = script(PATIENT, once)) {
      assertThrows(SoleboxException.class, () -> read(reader, "abc"));
      assertEquals(List.of(), read(reader, "abc").sections());
      // That one has ended well meanwhile, as an idle one does.
      assertEquals(List.of(), read(reader, "abc").sections());
    }
  }

  @Test
  void aFileThatIsTooLargeIsRefusedAsItComes() {
    try (var reader = script(PATIENT, READY + "cat >/dev/null")) {
      var endless = new Endless();
      var refused = assertThrows(SoleboxException.class, () -> reader.read("a.pdf", endless));
      assertBad("larger than", refused);
    }
  }

  @Test
  void anInterruptEndsTheReading() throws Exception {
    Path mark = folder.resolve("pid");
    String script = "echo $$ >%s.new; mv %s.new %s; ".formatted(mark, mark, mark);
    try (var reader = script(PATIENT, READY + EAT + script + "exec sleep 100")) {
      var reading =
          new FutureTask<>(
              () -> assertThrows(InterruptedException.class, () -> read(reader, "abc")));
      Thread thread = Thread.ofPlatform().start(reading);
      while (!Files.exists(mark)) {
        Thread.onSpinWait();
      }
      thread.interrupt();
      reading.get();
      assertEnds(mark);
    }
  }

  @Test
  void closingEndsItInTheMidstOfADocument() throws Exception {
    Path mark = folder.resolve("pid");
    String script = "echo $$ >%s.new; mv %s.new %s; ".formatted(mark, mark, mark);
    var reader = script(PATIENT, READY + EAT + script + "exec sleep 100");
    var reading =
        new FutureTask<>(() -> assertThrows(SoleboxException.class, () -> read(reader, "abc")));
    Thread.ofPlatform().start(reading);
    while (!Files.exists(mark)) {
      Thread.onSpinWait();
    }
    reader.close();
    assertEquals(ErrorCode.CLOSED, reading.get().code());
    assertEnds(mark);
    assertEquals(
        ErrorCode.CLOSED, assertThrows(SoleboxException.class, () -> read(reader, "abc")).code());
  }

  private static void assertEnds(Path pid) throws IOException, InterruptedException {
    var process = ProcessHandle.of(Long.parseLong(Files.readString(pid).strip()));
    if (process.isPresent()) {
      process.get().onExit().join();
    }
  }

  @Test
  void itHasNothingOfTheServersEnvironment() throws IOException {
    Path seen = folder.resolve("seen");
    failure(PATIENT, "env >" + seen + "; pwd >>" + seen + "; exit 1");
    List<String> lines = Files.readAllLines(seen);
    assertTrue(lines.contains("LC_ALL=C.UTF-8"), lines::toString);
    assertEquals("/", lines.getLast());
    assertFalse(
        lines.stream().anyMatch(line -> line.matches("(HOME|PATH|USER|JAVA_HOME)=.*")),
        lines::toString);
  }

  @Test
  void contentThatCannotBeHadIsNoFaultOfTheDocument() {
    var broken =
        new InputStream() {
          @Override
          public int read() throws IOException {
            throw new IOException("gone");
          }
        };
    try (var reader = script(PATIENT, READY + "cat >/dev/null")) {
      var failed = assertThrows(SoleboxException.class, () -> reader.read("a.pdf", broken));
      assertEquals(ErrorCode.IO_ERROR, failed.code());
    }
  }

  private static final class Endless extends InputStream {
    @Override
    public int read() {
      return 'a';
    }
  }
}
