package io.solebox.store.pull.http;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.solebox.engine.error.SoleboxException;
import java.net.URI;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Addresses are numbers here: no name is looked up. */
class RedirectsTest {
  private static URI target(String from, String location) {
    return Redirects.target(URI.create(from), location);
  }

  @ParameterizedTest
  @CsvSource({
    "https://9.9.9.9/a/b, /c, https://9.9.9.9/c",
    "https://9.9.9.9/a, https://8.8.8.8/x?y=z, https://8.8.8.8/x?y=z",
    "http://127.0.0.1:1/a, http://127.0.0.1:2/b, http://127.0.0.1:2/b",
    "http://10.0.0.1/a, https://9.9.9.9/b, https://9.9.9.9/b",
    "http://9.9.9.9/a, http://8.8.8.8/b, http://8.8.8.8/b",
  })
  void followsWhereItIsNoWorse(String from, String location, String target) {
    assertEquals(URI.create(target), target(from, location));
  }

  @ParameterizedTest
  @CsvSource({
    "https://9.9.9.9/a, http://9.9.9.9/a",
    "https://9.9.9.9/a, https://127.0.0.1/a",
    "https://9.9.9.9/a, https://10.1.2.3/a",
    "https://9.9.9.9/a, https://192.168.0.1/a",
    "https://9.9.9.9/a, https://169.254.169.254/a",
    "https://9.9.9.9/a, https://[fd00::1]/a",
    "https://9.9.9.9/a, https://[::1]/a",
    "https://9.9.9.9/a, file:///etc/passwd",
    "https://9.9.9.9/a, 'ht tp://x'",
    "https://9.9.9.9/a, https:///x",
  })
  void followsNothingElse(String from, String location) {
    assertThrows(SoleboxException.class, () -> target(from, location));
  }

  @Test
  void leavesTheSecretWhereItBelongs() {
    Ask ask = Ask.get(URI.create("https://h/a")).with(Optional.of(Secret.bearer("t0ken")));
    assertTrue(ask.redirected(URI.create("https://h/b")).secret().isPresent());
    assertTrue(ask.redirected(URI.create("https://H:443/b")).secret().isPresent());
    assertFalse(ask.redirected(URI.create("https://h:444/b")).secret().isPresent());
    assertFalse(ask.redirected(URI.create("https://i/b")).secret().isPresent());
    assertFalse(ask.toString().contains("t0ken"));
    assertEquals("https://h/a", Ask.shown(URI.create("https://u:pw@h/a?signature=x")));
  }
}
