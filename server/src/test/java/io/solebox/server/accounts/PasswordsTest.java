package io.solebox.server.accounts;

import static org.junit.jupiter.api.Assertions.assertDoesNotThrow;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.solebox.engine.error.SoleboxException;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** How passwords are kept, and which are taken. */
class PasswordsTest {
  private final Passwords passwords = new Passwords();

  @Test
  void aPasswordIsKnownAgain() throws InterruptedException {
    String kept = passwords.hash("Zwölf Boxkämpfer");
    assertTrue(kept.startsWith("$argon2id$v=19$m=19456,t=2,p=1$"), kept);
    assertTrue(passwords.matches("Zwölf Boxkämpfer", Optional.of(kept)));
    assertTrue(passwords.matches("Zwo\u0308lf Boxka\u0308mpfer", Optional.of(kept)));
    assertFalse(passwords.matches("zwölf Boxkämpfer", Optional.of(kept)));
    assertNotEquals(kept, passwords.hash("Zwölf Boxkämpfer"));
    assertFalse(passwords.matches("", Optional.empty()));
  }

  /** Made with the reference implementation, {@code argon2 -id}. */
  @Test
  void hashesOfOthersAreRead() throws InterruptedException {
    // RFC 9106's own vectors have a secret and associated data, which PHC strings have not.
    String kept =
        "$argon2id$v=19$m=65536,t=2,p=1$c29tZXNhbHQ$CTFhFdXPJO1aFaMaO6Mm5c8y7cJHAph8ArZWb2GRPPc";
    assertTrue(passwords.matches("password", Optional.of(kept)));
    assertFalse(passwords.matches("differentpassword", Optional.of(kept)));
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "short",
        "elevenchars",
        "aaaaaaaaaaaaaaa",
        "abababababab",
        "123456789012",
        "abcdefghijklm",
        "password1234!",
        "Password2026!!",
        "administrator",
        "1q2w3e4r5t6y",
        "qwertyuiop123",
        "anna-anna-anna",
        "soleboxsolebox"
      })
  void easyOnesAreRefused(String easy) {
    SoleboxException error =
        assertThrows(SoleboxException.class, () -> PasswordRules.check(easy, "anna"), easy);
    assertEquals("password", error.place());
    assertFalse(error.describe().contains(easy), "a password is for no log");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {"violet-otter-lamp", "dieses Pferd ist blau", "Tr0ub4dor&3xyz", "ключ от сарая"})
  void longOnesAreTakenWhateverTheyAreMadeOf(String good) {
    assertDoesNotThrow(() -> PasswordRules.check(good, "anna"));
  }

  @Test
  void lengthsAreCountedInCharacters() {
    assertDoesNotThrow(
        () -> PasswordRules.check("violet otter ".repeat(20).substring(0, 250) + "é", "x"));
    assertThrows(SoleboxException.class, () -> PasswordRules.check("vo".repeat(200), "x"));
  }
}
