package io.solebox.clients;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.opentest4j.AssertionFailedError;

/** What a process that failed is said to have failed of: a summary shows one line. */
@Timeout(30)
class LoggedTest {
  /** As {@code node --test --test-reporter=tap} says it. */
  private static final String SAID =
      """
      TAP version 13
      # Subtest: fine
      ok 1 - fine
        ---
        duration_ms: 0.9
        ...
      # Subtest: chats
          # Subtest: a chat is shared
          not ok 1 - a chat is shared
            ---
            duration_ms: 10012.1
            location: '/ui/pages/chat.test.mjs:40:1'
            failureType: 'testCodeFailure'
            error: |-
              locator.click: Timeout 10000ms exceeded.
              Call log:

                - waiting for getByText('Shared')
            code: 'ERR_TEST_FAILURE'
            stack: |-
              press (file:///ui/pages/person.mjs:53:7)
              Object.run (file:///ui/node_modules/playwright-core/lib/run.js:1:1)
              TestContext.<anonymous> (file:///ui/pages/chat.test.mjs:47:9)
              Test.run (node:internal/test_runner/test:796:25)
            ...
          1..1
      not ok 2 - chats
        ---
        failureType: 'subtestsFailed'
        error: '1 subtest failed'
        ...
      not ok 3 - some day # TODO
        ---
        error: 'not yet'
        ...
      # Subtest: slow
      not ok 4 - slow
        ---
        location: '/ui/pages/box.test.mjs:7:1'
        failureType: 'testTimeoutFailure'
        error: 'test timed out after 50ms'
        ...
      1..4
      """;

  private static final String FAILURES =
      "2 failed: \"a chat is shared\" (person.mjs:53 < chat.test.mjs:47): locator.click: Timeout"
          + " 10000ms exceeded. Call log: - waiting for getByText('Shared'); \"slow\""
          + " (box.test.mjs:7:1): test timed out after 50ms";

  @TempDir Path folder;

  @Test
  void firstLineTellsWhichTestsFailedOfWhat() {
    assertEquals(Optional.of(FAILURES), Tap.failures(SAID));
    assertEquals(Optional.empty(), Tap.failures("TAP version 13\nok 1 - fine\n"));
    assertEquals(Optional.empty(), Tap.failures("pages/chat.mjs(3,1): error TS2304\n"));
  }

  @Test
  void allThatWasSaidFollows() throws IOException {
    assertEquals(FAILURES + "\n" + SAID, failure("cat; exit 1", Duration.ofSeconds(20)));
    assertEquals("broken\n", failure("echo broken >&2; exit 3", Duration.ofSeconds(20)));
    String late = failure("cat; sleep 60", Duration.ofSeconds(1));
    assertTrue(late.startsWith("it did not end in 1 s; 2 failed: "), late);
  }

  private String failure(String script, Duration most) throws IOException {
    Path input = Files.writeString(folder.resolve("input"), SAID);
    var builder = new ProcessBuilder("sh", "-c", script).redirectInput(input.toFile());
    return assertThrows(
            AssertionFailedError.class, () -> Logged.run(builder, folder.resolve("log"), most))
        .getMessage();
  }
}
